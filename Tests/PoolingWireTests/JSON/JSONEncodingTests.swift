import PoolingEngine
import RecycledMemory
import Testing

@testable import PoolingWire

private func tensor<Element>(_ type: ElementType, _ shape: [Int], _ values: [Element]) -> Tensor {
    let tensor = Tensor(elementType: type, shape: shape)
    tensor.storage.withUnsafeMutableBytes { bytes in
        values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
    return tensor
}

private func text(_ result: PoolingResult, _ form: TensorForm) throws -> String {
    String(decoding: try JSONCodec.encode(result, form: form).joined(), as: UTF8.self)
}

@Suite struct JSONEncodingTests {
    private let result = PoolingResult(
        tensors: [
            .init(.output, tensor(.float32, [2, 2], [6, -0.0, 1.5, .nan] as [Float])),
            .init(.indices, tensor(.int64, [2, 2], [5, 7, 13, -1] as [Int64])),
        ], indexBase: "plane")

    @Test func `a response is written nested`() throws {
        #expect(
            try text(result, .nested)
                == #"{"output":[[6,-0.0],[1.5,"NaN"]],"output_shape":[2,2],"#
                + #""indices":[[5,7],[13,-1]],"index_base":"plane"}"#)
    }

    @Test func `all tensors of a response have its form`() throws {
        #expect(
            try text(result, .flat)
                == #"{"output":{"shape":[2,2],"dtype":"float32","data":[6,-0.0,1.5,"NaN"]},"output_shape":[2,2],"#
                + #""indices":{"shape":[2,2],"dtype":"int64","data":[5,7,13,-1]},"index_base":"plane"}"#)
        let gradients = PoolingResult(tensors: [
            .init(.gradInput, tensor(.uint8, [1], [1] as [UInt8])),
            .init(.gradWeights, tensor(.uint8, [], [2] as [UInt8])),
        ])
        #expect(
            try text(gradients, .b64)
                == #"{"grad_input":{"shape":[1],"dtype":"uint8","b64":"AQ=="},"#
                + #""grad_weights":{"shape":[],"dtype":"uint8","b64":"Ag=="}}"#)
        #expect(try text(gradients, .nested) == #"{"grad_input":[1],"grad_weights":2}"#)
    }

    @Test(arguments: PoolingResult.Name.allCases)
    func `every tensor is written under its name`(_ name: PoolingResult.Name) throws {
        let result = PoolingResult(tensors: [.init(name, tensor(.uint8, [1], [1] as [UInt8]))])
        #expect(try text(result, .nested).hasPrefix(#"{"\#(name.rawValue)":[1]"#))
    }

    @Test func `a shape that lists cannot show is written flat`() throws {
        let empty: [Float] = []
        let nestable = PoolingResult(tensors: [.init(.output, tensor(.float32, [2, 0], empty))])
        #expect(try text(nestable, .nested) == #"{"output":[[],[]],"output_shape":[2,0]}"#)
        let hidden = PoolingResult(tensors: [.init(.output, tensor(.float32, [0, 3], empty))])
        #expect(
            try text(hidden, .nested)
                == #"{"output":{"shape":[0,3],"dtype":"float32","data":[]},"output_shape":[0,3]}"#)
    }

    @Test func `fields are written as they are, strings escaped`() throws {
        let fields = [
            Field("a\"\\\u{1}\n", .list([.null, .bool(true), .number(FieldNumber(-3))])),
            Field("é", .object([Field("q", .number(FieldNumber(value: 0.25, whole: nil)))])),
        ]
        #expect(
            try String(decoding: JSONCodec.encode(.object(fields)).joined(), as: UTF8.self)
                == #"{"a\"\\\u0001\n":[null,true,-3],"é":{"q":0.25}}"#)
    }

    @Test(arguments: ElementType.allCases, TensorForm.allCases)
    func `every type reads back from every form`(_ type: ElementType, _ form: TensorForm) throws {
        var bits = RepeatableBits(state: 6)
        let tensor = Tensor(elementType: type, shape: [3, 5, 40], zeroed: true)
        tensor.storage.withUnsafeMutableBytes { bytes in
            for index in bytes.indices {
                bytes[index] = type == .bool ? UInt8(bits.next() & 1) : UInt8(bits.next() & 0x3d)
            }
        }
        let name: TensorName = type == .bool ? .mask : .input
        let response = try text(PoolingResult(tensors: [.init(.output, tensor)]), form)
        let value = response.dropFirst(#"{"output":"#.count).dropLast(#","output_shape":[3,5,40]}"#.count)
        let dtype = type == .bool ? "float32" : type.rawValue
        let decoded = try decode(#"{"\#(name.rawValue)":\#(value),"dtype":"\#(dtype)"}"#)
        let back = try #require(decoded.request.tensors[name])
        #expect(back.elementType == type)
        #expect(back.shape == tensor.shape)
        #expect(
            back.storage.withUnsafeBytes { got in tensor.storage.withUnsafeBytes { got.elementsEqual($0) } })
        if type != .bool { #expect(decoded.form == form) }
    }

    @Test func `base64 of every length reads back`() throws {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            var text = [UInt8](repeating: 0, count: Base64.encodedCount(count))
            let written = text.withUnsafeMutableBufferPointer { text in
                bytes.withUnsafeBytes { Base64.encode($0, into: text) }
            }
            #expect(written == text.count)
            var back = [UInt8](repeating: 0, count: count)
            try text.withUnsafeBytes { text in
                #expect(Base64.decodedCount(text) == count)
                try back.withUnsafeMutableBytes { try Base64.decode(text, into: $0) }
            }
            #expect(back == bytes)
        }
    }
}
