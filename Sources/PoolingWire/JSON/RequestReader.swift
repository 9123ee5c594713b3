import PoolingEngine

/// Reads the members of a request, in whatever order they come.
struct RequestReader {
    private var fields: [Field] = []
    private var elementType: ElementType?
    private var form: TensorForm?
    private var tensors: [TensorName: Tensor] = [:]
    /// The form of the tensor that the request is about.
    private var mainForm: TensorForm?
    private let main: TensorName
    /// Tensors whose type is the request's `dtype`, which has not come yet, by where their values start.
    private var undecided: [Undecided] = []
    /// Where the last tensor's value stands.
    private var lastValue = 0..<0

    private struct Undecided {
        let name: TensorName
        let offset: Int
        /// As read with the default type.
        let guess: TensorValueReader.Outcome
    }

    /// The element type of a request that does not say one.
    private static let defaultType = ElementType.float32
    private static let usualFieldCount = 6

    private init(main: TensorName) {
        self.main = main
        fields.reserveCapacity(Self.usualFieldCount)
    }

    static func read(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint, allowsBareNonFinite: Bool,
        in workspace: Workspace
    ) throws(WireError) -> JSONCodec.Decoded {
        var reader = JSONReader(body, allowsBareNonFinite: allowsBareNonFinite, in: workspace)
        return try read(from: &reader, as: endpoint).decoded(endpoint)
    }

    /// - Returns: also the request's frame, where its only tensor is a list.
    static func readWithFrame(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(WireError) -> (JSONCodec.Decoded, RequestFrame?) {
        var reader = JSONReader(body, in: workspace)
        let request = try read(from: &reader, as: endpoint)
        let decoded = request.decoded(endpoint)
        return (decoded, request.frame(of: decoded, in: reader.bytes))
    }

    private static func read(
        from reader: inout JSONReader, as endpoint: PoolingRequest.Endpoint
    ) throws(WireError) -> RequestReader {
        var request = RequestReader(main: .main(of: endpoint))
        try reader.takeDocument { (reader, name) throws(WireError) in
            try request.take(name, from: &reader)
        }
        try request.decide(&reader)
        try reader.throwRefusal()
        return request
    }

    static func readFields(
        _ body: UnsafeRawBufferPointer, in workspace: Workspace
    ) throws(WireError) -> (fields: [Field], elementType: ElementType?) {
        var reader = JSONReader(body, in: workspace)
        var request = RequestReader(main: .input)
        try reader.takeDocument { (reader, name) throws(WireError) in
            try request.takeField(name, from: &reader)
        }
        try reader.throwRefusal()
        return (request.fields, request.elementType)
    }

    // MARK: Members

    private mutating func take(_ name: String, from reader: inout JSONReader) throws(WireError) {
        if let tensor = TensorName.named[name] {
            guard !reader.takeWord("null") else { return }
            try takeTensor(tensor, from: &reader)
        } else if name == "response_form" {
            form = try takeChoice(among: TensorForm.allCases, from: &reader)
        } else {
            try takeField(name, from: &reader)
        }
    }

    private mutating func takeField(_ name: String, from reader: inout JSONReader) throws(WireError) {
        guard name != "dtype" else {
            elementType = try takeChoice(among: ElementType.allCases, from: &reader)
            return
        }
        let value = try reader.takeValue()
        if value != .null { fields.append(Field(name, value)) }
    }

    private func takeChoice<Choice: RawRepresentable<String>>(
        among allowed: [Choice], from reader: inout JSONReader
    ) throws(WireError) -> Choice? {
        let start = reader.position
        let value = try reader.takeValue()
        guard value != .null else { return nil }
        do {
            return try value.choice(among: allowed, at: reader.path.pointer())
        } catch {
            reader.refuse(error, at: start)
            return nil
        }
    }

    // MARK: Tensors

    private mutating func takeTensor(_ name: TensorName, from reader: inout JSONReader) throws(WireError) {
        let start = reader.position
        let type = name.defaultElementType ?? elementType ?? Self.defaultType
        let outcome = try TensorValueReader(name: name, defaultType: type).take(from: &reader)
        lastValue = start..<reader.position
        if name.defaultElementType == nil, elementType == nil, !outcome.namesItsType {
            undecided.append(Undecided(name: name, offset: start, guess: outcome))
        } else {
            keep(outcome, as: name, at: start, &reader)
        }
    }

    private mutating func keep(
        _ outcome: TensorValueReader.Outcome, as name: TensorName, at start: Int, _ reader: inout JSONReader
    ) {
        if name == main { mainForm = outcome.form }
        switch outcome.tensor {
        case .success(let tensor): tensors[name] = tensor
        case .failure(let refusal): reader.refuse(refusal, at: start)
        }
    }

    /// Settles the tensors that came before `dtype`: those that were read with another type are read again.
    private mutating func decide(_ reader: inout JSONReader) throws(WireError) {
        let type = elementType ?? Self.defaultType
        guard type != Self.defaultType else {
            for undecided in undecided.reversed() {
                keep(undecided.guess, as: undecided.name, at: undecided.offset, &reader)
            }
            return
        }
        // The guesses are gone before their values are read again.
        let places = undecided.map { ($0.name, $0.offset) }
        undecided = []
        for (name, offset) in places.reversed() {
            reader.position = offset
            // The value stands in the document's object.
            reader.depth = 1
            reader.path.push(.member(name.rawValue))
            let outcome = try TensorValueReader(name: name, defaultType: type).take(from: &reader)
            reader.path.pop()
            keep(outcome, as: name, at: offset, &reader)
        }
    }

    private func decoded(_ endpoint: PoolingRequest.Endpoint) -> JSONCodec.Decoded {
        JSONCodec.Decoded(
            request: PoolingRequest(endpoint: endpoint, elementType: elementType, fields: fields, tensors: tensors),
            form: form ?? mainForm ?? .nested)
    }

    private func frame(of decoded: JSONCodec.Decoded, in bytes: UnsafeBufferPointer<UInt8>) -> RequestFrame? {
        guard tensors.count == 1, let (name, tensor) = tensors.first, !lastValue.isEmpty,
            bytes[lastValue.lowerBound] == UInt8(ascii: "[")
        else { return nil }
        return RequestFrame(bytes, around: lastValue, of: name, tensor.elementType, decoded)
    }
}

extension JSONReader {
    /// Takes the whole body, which must be one object; `body` takes the value of each member.
    mutating func takeDocument(
        _ body: (inout JSONReader, String) throws(WireError) -> Void
    ) throws(WireError) {
        guard !bytes.isEmpty else { throw .malformed(.json, offset: 0, detail: FileKind.emptyBody) }
        skipWhitespace()
        if next == UInt8(ascii: "{") {
            try takeMembers(body)
        } else {
            if next != UInt8(ascii: "["),
                let mistake = FileKind.mistake(expected: "JSON", UnsafeRawBufferPointer(bytes))
            {
                throw malformed(at: 0, mistake + "; name its type in Content-Type or Content-Encoding")
            }
            let kind = next == UInt8(ascii: "[") ? "a list" : "another value"
            try skipValue()
            refuse(PoolingRefusal(.wrongType, at: "", "expected a JSON object, got \(kind)"), at: 0)
        }
        try takeEnd()
    }
}
