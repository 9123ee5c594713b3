import Foundation
import PoolingEngine
import PoolingTestKit
import PoolingWire
import RecycledMemory

/// Bodies in every format, put together by hand.
enum TensorFiles {
    static func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

    /// A version 1 file with elements in C order; `description` is numpy's name of the type.
    static func npy(_ bytes: [UInt8], _ shape: [Int], _ description: String = "<f4") -> [UInt8] {
        let extents = shape.map { "\($0)," }.joined()
        var text = "{'descr': '\(description)', 'fortran_order': False, 'shape': (\(extents)), }"
        text += String(repeating: " ", count: 64 - (10 + text.utf8.count + 1) % 64) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8) + bytes
    }

    static func safetensors(_ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])]) -> [UInt8] {
        var offset = 0
        let members = tensors.map { tensor in
            defer { offset += tensor.bytes.count }
            return #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"data_offsets":"#
                + "[\(offset),\(offset + tensor.bytes.count)]}"
        }
        let header = Array("{\(members.joined(separator: ","))}".utf8)
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
        return length + header + tensors.flatMap(\.bytes)
    }

    /// An inference request with one binary input, and the length of its JSON.
    static func inference(
        _ bytes: [UInt8], _ shape: [Int], parameters: String
    ) -> (body: [UInt8], headerLength: Int) {
        let json = Array(
            (#"{"parameters":{\#(parameters),"binary_data_output":true},"inputs":[{"name":"input","datatype":"FP32","#
                + #""shape":\#(shape),"parameters":{"binary_data_size":\#(bytes.count)}}]}"#).utf8)
        return (json + bytes, json.count)
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func example(_ name: String) throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        return try [UInt8](Data(contentsOf: root.appendingPathComponent("Examples/\(name)").standardized))
    }

    static func compressed(_ bytes: [UInt8], _ encoding: ContentEncoding) throws -> [UInt8] {
        try encoding.compress([Bytes(copying: bytes)]).joined()
    }

    static func decompressed(_ bytes: [UInt8], _ name: String?) throws -> [UInt8] {
        guard let encoding = name.flatMap(ContentEncoding.init) else { return bytes }
        return [try encoding.decompress(Bytes(copying: bytes), limit: 1 << 28)].joined()
    }
}
