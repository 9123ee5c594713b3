import PoolingEngine
import RecycledMemory

/// The members of a tensor object (`{"shape": …, "dtype": …, "data": …}`), collected in any order.
struct TensorObjectDraft {
    let name: TensorName
    let defaultType: ElementType

    private(set) var namesItsType = false
    private var type: ElementType?
    private var shape: [Int]?
    private var data: JSONElements?
    private var base64: Result<Bytes, PoolingError>?
    private var rejection: PoolingError?

    private static let vocabulary = Vocabulary([
        "shape": ["size", "sizes", "dims"], "dtype": ["type", "datatype"], "data": ["values", "elements"],
        "b64": ["base64", "bytes"],
    ])

    init(name: TensorName, defaultType: ElementType) {
        self.name = name
        self.defaultType = defaultType
    }

    var form: TensorForm { base64 == nil ? .flat : .b64 }

    private var elementType: ElementType { type ?? defaultType }

    /// Takes the value of `member`; what is wrong with it is kept for ``tensor(_:)``.
    mutating func take(_ member: String, from reader: inout JSONReader) throws(WireError) {
        if reader.takeWord("null") { return }
        switch member {
        case "shape": takeShape(try reader.takeValue(), reader.path)
        case "dtype": takeType(try reader.takeValue(), reader.path)
        case "data": data = try JSONElements(of: elementType, expectedCount: shape.map(Self.count), from: &reader)
        case "b64": try takeBase64(&reader)
        default:
            try reader.skipValue()
            reject(
                .unknownField, at: reader.path.pointer(),
                "a tensor object has no '\(member.prefix(64))'; it has 'shape', 'dtype', and 'data' or 'b64'"
                    + NameHint.text(for: member, among: ["shape", "dtype", "data", "b64"], Self.vocabulary))
        }
    }

    private mutating func reject(_ reason: PoolingError.Reason, at pointer: String, _ detail: String) {
        rejection = rejection ?? PoolingError(reason, at: pointer, detail)
    }

    // MARK: Members

    private mutating func takeType(_ value: FieldValue, _ path: JSONPath) {
        namesItsType = true
        do {
            type = try value.choice(among: ElementType.allCases, at: path.pointer())
        } catch {
            rejection = rejection ?? error
        }
    }

    private mutating func takeShape(_ value: FieldValue, _ path: JSONPath) {
        guard case .list(let values) = value else {
            return reject(.wrongType, at: path.pointer(), "expected a list of sizes, got \(value.kind)")
        }
        guard values.count <= Tensor.largestRank else {
            return reject(
                .wrongRank, at: path.pointer(),
                "the shape has \(values.count) sizes; it may have at most \(Tensor.largestRank)")
        }
        var sizes: [Int] = []
        var product = 1
        for (index, value) in values.enumerated() {
            guard let size = size(value, at: path.pointer(CollectionOfOne(index))) else { return }
            sizes.append(size)
            let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
            // Bytes are counted in the same type, at most eight an element.
            guard !overflow, next <= Int.max / 8 else {
                return reject(.outOfRange, at: path.pointer(), "the shape has more elements than can be addressed")
            }
            product = next
        }
        shape = sizes
    }

    private mutating func size(_ value: FieldValue, at pointer: String) -> Int? {
        guard case .number(let number) = value else {
            reject(.wrongType, at: pointer, "expected a whole number, got \(value.kind)")
            return nil
        }
        guard let whole = number.whole else {
            reject(.notRepresentable, at: pointer, "expected a whole number, got \(number.value)")
            return nil
        }
        guard whole >= 0, let size = Int(exactly: whole) else {
            reject(.outOfRange, at: pointer, "the size is \(whole); it must be from 0 to \(Int.max)")
            return nil
        }
        return size
    }

    private mutating func takeBase64(_ reader: inout JSONReader) throws(WireError) {
        let pointer = reader.path.pointer()
        guard reader.next == UInt8(ascii: "\"") else {
            let value = try reader.takeValue()
            base64 = .failure(PoolingError(.wrongType, at: pointer, "expected base64 in a string, got \(value.kind)"))
            return
        }
        let token = try reader.takeStringToken()
        let text = UnsafeBufferPointer(rebasing: reader.bytes[token.range])
        guard token.hasEscapes else {
            base64 = try Self.decode(UnsafeRawBufferPointer(text), at: pointer, reader.workspace)
            return
        }
        let unescaped = try reader.workspace.block(text.count)
        base64 = try unescaped.withUnsafeMutableBytes { (room) throws(WireError) in
            let count = reader.unescape(token, into: room.bindMemory(to: UInt8.self))
            return try Self.decode(
                UnsafeRawBufferPointer(rebasing: room[..<count]), at: pointer, reader.workspace)
        }
    }

    private static func decode(
        _ text: UnsafeRawBufferPointer, at pointer: String, _ workspace: Workspace
    ) throws(WireError) -> Result<Bytes, PoolingError> {
        func rejected(_ mistake: Base64.Mistake) -> Result<Bytes, PoolingError> {
            .failure(PoolingError(mistake.reason, at: pointer, mistake.detail))
        }
        guard let count = Base64.decodedCount(text) else { return rejected(.length(text.count)) }
        let block = try workspace.block(count)
        do throws(Base64.Mistake) {
            try block.withUnsafeMutableBytes { (room) throws(Base64.Mistake) in
                try Base64.decode(text, into: room) { workspace.isStopped }
            }
        } catch {
            return rejected(error)
        }
        try workspace.checkpoint()
        return .success(Bytes(block))
    }

    // MARK: The whole

    /// The tensor that the members make; `reader` may be moved to read `data` again.
    mutating func tensor(_ reader: inout JSONReader) throws(WireError) -> Result<Tensor, PoolingError> {
        let pointer = reader.path.pointer()
        if let rejection { return .failure(rejection) }
        guard let shape else {
            return .failure(
                PoolingError(.missingField, at: pointer + "/shape", "'shape' is missing: the sizes of the tensor"))
        }
        switch (data.take(), base64) {
        case (let data?, nil): return try tensor(shape, of: data, at: pointer + "/data", &reader)
        case (nil, let base64?): return tensor(shape, of: base64, at: pointer + "/b64")
        case (nil, nil):
            return .failure(
                PoolingError(
                    .missingField, at: pointer + "/data", "'data' or 'b64' is missing: the elements of the tensor"))
        case (_?, _?):
            return .failure(
                PoolingError(
                    .unsupportedCombination, at: pointer + "/b64",
                    "'data' and 'b64' exclude each other; leave out one of them"))
        }
    }

    private func tensor(
        _ shape: [Int], of data: consuming JSONElements, at pointer: String, _ reader: inout JSONReader
    ) throws(WireError) -> Result<Tensor, PoolingError> {
        // What was read as another type is gone before it is read again.
        let elements =
            if data.type == elementType { data } else { try reread(from: (consume data).start, &reader) }
        return elements.content.flatMap { content in
            guard content.shape.count == 1 else {
                return .failure(
                    PoolingError(
                        .wrongRank, at: pointer,
                        "'data' has rank \(content.shape.count); it must be one flat list of numbers"))
            }
            return tensor(shape, content.storage, at: pointer)
        }
    }

    private func reread(from start: Int, _ reader: inout JSONReader) throws(WireError) -> JSONElements {
        reader.position = start
        reader.path.push(.member("data"))
        defer { reader.path.pop() }
        return try JSONElements(of: elementType, expectedCount: shape.map(Self.count), from: &reader)
    }

    private func tensor(
        _ shape: [Int], of base64: Result<Bytes, PoolingError>, at pointer: String
    ) -> Result<Tensor, PoolingError> {
        base64.flatMap { storage in
            guard elementType != .bool || storage.withUnsafeBytes({ $0.allSatisfy { $0 <= 1 } }) else {
                return .failure(
                    PoolingError(.notRepresentable, at: pointer, "the bytes of a bool tensor must be 0 or 1"))
            }
            return tensor(shape, storage, at: pointer)
        }
    }

    private func tensor(
        _ shape: [Int], _ storage: Bytes, at pointer: String
    ) -> Result<Tensor, PoolingError> {
        let expected = Self.count(shape) * elementType.size
        guard storage.count == expected else {
            let size = elementType.size
            return .failure(
                PoolingError(
                    .shapeMismatch, at: pointer,
                    "the shape \(shape) needs \(expected / size) numbers (\(expected) bytes of \(elementType)), "
                        + "got \(storage.count / size) (\(storage.count) bytes)"))
        }
        return .success(Tensor(elementType: elementType, shape: shape, storage: storage))
    }

    private static func count(_ shape: [Int]) -> Int { shape.reduce(1, *) }
}

extension Base64.Mistake {
    fileprivate var reason: PoolingError.Reason {
        switch self {
        case .length: .wrongLength
        case .character, .padding: .wrongType
        }
    }

    fileprivate var detail: String {
        switch self {
        case .length(let count): "base64 has groups of 4 characters; the text has \(count)"
        case .character(let offset): "the character at \(offset) is not in the base64 alphabet"
        case .padding: "the last character has bits beyond the last byte"
        }
    }
}
