import PoolingEngine
import PoolingWire
import RecycledMemory

/// Reads bytes in one format; what was understood must survive being written and read again.
enum CodecTargets {
    private static let limit = 1 << 20

    static func json(_ input: [UInt8]) {
        for endpoint in PoolingRequest.Endpoint.allCases {
            guard
                let decoded = try? reading(
                    input, { body in try body.withUnsafeBytes { try JSONCodec.decode($0, as: endpoint) } })
            else {
                continue
            }
            guard let tensor = decoded.request.tensors[.input], tensor.elementType != .bool else { continue }
            // Lists of nothing are longer than what is in them.
            let isLong = tensor.count == 0 && tensor.shape.contains { $0 > 64 }
            for form in TensorForm.allCases where form != .nested || !isLong {
                guard let text = text(result(tensor), form) else { continue }
                // The response's `output` becomes a request's `input`, of the same length.
                let request = Array(#"{"dtype":"\#(tensor.elementType.rawValue)","input""#.utf8) + text.dropFirst(9)
                let again = try? reading(request) { body in
                    try body.withUnsafeBytes { try JSONCodec.decode($0, as: .forward) }
                }
                check(again?.request.tensors[.input], equals: tensor, "JSON \(form)")
            }
        }
    }

    static func npy(_ input: [UInt8]) {
        guard
            let request = try? reading(
                input,
                { body in
                    try NpyCodec.decode(body, parameters: .none, as: .forward)
                }), let tensor = request.tensors[.input], let file = try? NpyCodec.encode(result(tensor)).joined()
        else { return }
        let again = try? reading(file) { body in
            try NpyCodec.decode(body, parameters: .none, as: .forward)
        }
        check(again?.tensors[.input], equals: tensor, "npy")
    }

    static func safetensors(_ input: [UInt8]) {
        let request = try? reading(input) { body in
            try SafetensorsCodec.decode(body, parameters: .none, as: .forward)
        }
        for tensor in request?.tensors.values.map({ $0 }) ?? [] {
            _ = SafetensorsCodec.encode(result(tensor)).joined()
        }
    }

    static func png(_ input: [UInt8]) {
        guard
            let request = try? reading(
                input,
                { body in
                    try PNGCodec.decode(body, limit: limit, parameters: .none, as: .forward)
                }), let tensor = request.tensors[.input], let picture = try? PNGCodec.encode(result(tensor)).joined()
        else { return }
        let again = try? reading(picture) { body in
            try PNGCodec.decode(body, limit: limit, parameters: .none, as: .forward)
        }
        check(again?.tensors[.input], equals: tensor, "PNG")
    }

    /// The first two bytes are the length of the JSON, where they are not 0.
    static func inference(_ input: [UInt8]) {
        guard input.count >= 2 else { return }
        let length = Int(input[0]) << 8 | Int(input[1])
        for endpoint in PoolingRequest.Endpoint.allCases {
            let decoded = try? reading(Array(input.dropFirst(2))) { body in
                try OpenInferenceCodec.decode(
                    body, headerLength: length == 0 ? nil : String(length), as: endpoint)
            }
            guard let decoded, let tensor = decoded.request.tensors[.input] else { continue }
            _ = try? OpenInferenceCodec.encode(result(tensor), for: decoded.responseOptions)
        }
    }

    static func query(_ input: [UInt8]) {
        guard let text = String(validating: input, as: UTF8.self) else { return }
        _ = try? QueryString.parse(text)
        _ = try? QueryString.firstName(text)
        _ = try? PercentEncoding.decode(input, plusIsSpace: false)
    }

    /// The first byte chooses the coding.
    static func compression(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let encoding = ContentEncoding.allCases[Int(first) % ContentEncoding.allCases.count]
        let plain = try? reading(Array(input.dropFirst())) { body in
            try encoding.decompress(body, limit: limit)
        }
        guard let plain, let packed = try? encoding.compress([plain]) else { return }
        let again = try? reading(packed.joined()) { body in try encoding.decompress(body, limit: limit) }
        precondition(
            again.map { ([$0]).joined() } == [plain].joined(), "\(encoding) loses bytes")
    }

    // MARK: Helpers

    /// Calls `body` with a copy of `bytes` that ends where the sanitizer watches.
    static func reading<Result, Failure: Error>(
        _ bytes: [UInt8], _ body: (Bytes) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let copy = Copy(bytes)
        return try body(Bytes(viewing: copy.bytes, owner: copy))
    }

    private final class Copy {
        let bytes: UnsafeRawBufferPointer

        init(_ content: [UInt8]) {
            let room = UnsafeMutableRawBufferPointer.allocate(
                byteCount: content.count, alignment: MemoryRecycler.alignment)
            room.copyBytes(from: content)
            bytes = UnsafeRawBufferPointer(room)
        }

        deinit { bytes.deallocate() }
    }

    static func text(_ result: PoolingResult, _ form: TensorForm) -> [UInt8]? {
        try? JSONCodec.encode(result, form: form).joined()
    }

    private static func result(_ tensor: Tensor) -> PoolingResult {
        PoolingResult(tensors: [.init(.output, tensor)])
    }

    private static func check(_ tensor: Tensor?, equals expected: Tensor, _ format: String) {
        guard let tensor else { preconditionFailure("\(format) cannot read what it wrote") }
        precondition(tensor.elementType == expected.elementType, "\(format) changes the type")
        precondition(tensor.shape == expected.shape, "\(format) changes the shape")
        precondition(tensor.hasSameElements(as: expected), "\(format) changes elements")
    }
}

extension Tensor {
    /// Whether the bits are the same, apart from those of NaNs.
    fileprivate func hasSameElements(as other: Tensor) -> Bool {
        switch elementType {
        case .float32: isSame(other, as: Float.self)
        case .float64: isSame(other, as: Double.self)
        case .float16: isSame(other, exponent: 0x7C00)
        case .bfloat16: isSame(other, exponent: 0x7F80)
        default: [storage].joined() == [other.storage].joined()
        }
    }

    private func isSame<Element: BinaryFloatingPoint>(_ other: Tensor, as type: Element.Type) -> Bool {
        withElements(as: type) { mine in
            other.withElements(as: type) { theirs in
                zip(mine, theirs).allSatisfy { $0.isNaN ? $1.isNaN : $0 == $1 && $0.sign == $1.sign }
            }
        }
    }

    /// For the types of 16 bits, whose NaNs have all of `exponent` and more below.
    private func isSame(_ other: Tensor, exponent: UInt16) -> Bool {
        withElements(as: UInt16.self) { mine in
            other.withElements(as: UInt16.self) { theirs in
                zip(mine, theirs).allSatisfy { $0 & 0x7FFF > exponent ? $1 & 0x7FFF > exponent : $0 == $1 }
            }
        }
    }
}
