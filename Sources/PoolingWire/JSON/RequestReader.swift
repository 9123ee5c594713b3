import PoolingEngine

/// Reads the members of a request, in whatever order they come.
struct RequestReader {
    private var fields: [Field] = []
    var elementType: ElementType?
    private var form: TensorForm?
    private var tensors: [TensorName: Tensor] = [:]
    private(set) var nested: [TensorPath: Tensor] = [:]
    /// The forms of the tensors that a request may be about.
    private var inputForm = FirstForm()
    private var gradientForm = FirstForm()
    /// Tensors whose type is the request's `dtype`, which has not come yet, by where their values start.
    private var undecided: [Undecided] = []
    /// The bytes of the last tensor's value.
    private var lastValue = 0..<0
    /// Whether this is an entry of a batch, which may name its endpoint.
    private var isEntry = false
    private var endpoint: FieldValue?

    /// The form of a tensor, or of several under one name the form of the first.
    private struct FirstForm {
        private(set) var form: TensorForm?
        private var start = Int.max

        mutating func keep(_ form: TensorForm, of key: TensorPath, at start: Int) {
            guard key.path.isEmpty || start < self.start else { return }
            (self.form, self.start) = (form, start)
        }
    }

    private struct Undecided {
        let key: TensorPath
        let offset: Int
        /// What surrounds the value.
        let path: JSONPath
        let depth: Int
        /// As read with the default type.
        let guess: TensorValueReader.Outcome
    }

    /// The element type of a request that does not say one.
    static let defaultType = ElementType.float32
    private static let usualFieldCount = 6

    init() {
        fields.reserveCapacity(Self.usualFieldCount)
    }

    static func read(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint, allowsBareNonFinite: Bool,
        in workspace: Workspace
    ) throws(WireError) -> DecodedRequest {
        var reader = JSONReader(body, allowsBareNonFinite: allowsBareNonFinite, in: workspace)
        let request = try read(from: &reader)
        return DecodedRequest(request.request(endpoint), form: request.form(for: endpoint))
    }

    /// - Returns: also the request's template, where its only tensor is a list.
    static func readWithTemplate(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(WireError) -> (DecodedRequest, RequestTemplate?) {
        var reader = JSONReader(body, in: workspace)
        return try read(from: &reader).decoded(endpoint, reader.bytes)
    }

    private static func read(from reader: inout JSONReader) throws(WireError) -> RequestReader {
        var request = RequestReader()
        try reader.takeDocument { (reader, name) throws(WireError) in
            try request.take(name, from: &reader)
        }
        try request.decide(&reader)
        try reader.throwRejection()
        return request
    }

    /// An entry of a batch, read before its endpoint is known; its rejections are left to the caller.
    struct Entry {
        fileprivate let request: RequestReader
        fileprivate let text: Range<Int>

        /// As the entry names it.
        var endpoint: FieldValue? { request.endpoint }

        /// - Parameter reader: that has read the entry.
        /// - Returns: also the entry's template, where its only tensor is a list.
        func decoded(
            _ endpoint: PoolingRequest.Endpoint, in reader: JSONReader
        ) -> (DecodedRequest, RequestTemplate?) {
            request.decoded(endpoint, UnsafeBufferPointer(rebasing: reader.bytes[text]))
        }
    }

    static func takeEntry(from reader: inout JSONReader) throws(WireError) -> Entry {
        let (start, depth) = (reader.position, reader.depth)
        var request = RequestReader()
        request.isEntry = true
        try reader.takeMembers { (reader, name) throws(WireError) in try request.take(name, from: &reader) }
        let end = reader.position
        try request.decide(&reader)
        (reader.position, reader.depth) = (end, depth)
        if !request.lastValue.isEmpty {
            request.lastValue = request.lastValue.lowerBound - start..<request.lastValue.upperBound - start
        }
        return Entry(request: request, text: start..<end)
    }

    static let endpointName = "endpoint"

    // MARK: Members

    private mutating func take(_ name: String, from reader: inout JSONReader) throws(WireError) {
        if let tensor = TensorName.named[name] {
            guard !reader.takeWord("null") else { return }
            try takeTensor(TensorPath(tensor, []), from: &reader)
        } else if let list = EntryList(rawValue: name) {
            let value = try takeEntries(of: list, at: [], from: &reader)
            if value != .null { fields.append(Field(name, value)) }
        } else if isEntry, name == Self.endpointName {
            let value = try reader.takeValue()
            endpoint = value == .null ? nil : value
        } else if name == "response_form" {
            form = try reader.takeChoice(among: TensorForm.allCases)
        } else {
            try takeField(name, from: &reader)
        }
    }

    private mutating func takeField(_ name: String, from reader: inout JSONReader) throws(WireError) {
        guard name != "dtype" else {
            elementType = try reader.takeChoice(among: ElementType.allCases)
            return
        }
        let value = try reader.takeValue()
        if value != .null { fields.append(Field(name, value)) }
    }

    // MARK: Tensors

    mutating func takeTensor(_ key: TensorPath, from reader: inout JSONReader) throws(WireError) {
        let (start, name) = (reader.position, key.name)
        let type = name.defaultElementType ?? elementType ?? Self.defaultType
        let outcome = try TensorValueReader(name: name, defaultType: type).take(from: &reader)
        lastValue = start..<reader.position
        if name.defaultElementType == nil, elementType == nil, !outcome.namesItsType {
            undecided.append(
                Undecided(key: key, offset: start, path: reader.path, depth: reader.depth, guess: outcome))
        } else {
            keep(outcome, as: key, at: start, &reader)
        }
    }

    private mutating func keep(
        _ outcome: TensorValueReader.Outcome, as key: TensorPath, at start: Int, _ reader: inout JSONReader
    ) {
        switch key.name {
        case .input: inputForm.keep(outcome.form, of: key, at: start)
        case .gradOutput: gradientForm.keep(outcome.form, of: key, at: start)
        default: break
        }
        switch outcome.tensor {
        case .success(let tensor):
            if key.path.isEmpty { tensors[key.name] = tensor } else { nested[key] = tensor }
        case .failure(let rejection): reader.reject(rejection, at: start)
        }
    }

    /// Settles the tensors that came before `dtype`: those that were read with another type are read again.
    private mutating func decide(_ reader: inout JSONReader) throws(WireError) {
        let type = elementType ?? Self.defaultType
        guard type != Self.defaultType else {
            for undecided in undecided.reversed() {
                keep(undecided.guess, as: undecided.key, at: undecided.offset, &reader)
            }
            return
        }
        // The guesses are gone before their values are read again.
        let waiting = undecided.map { (key: $0.key, offset: $0.offset, path: $0.path, depth: $0.depth) }
        undecided = []
        for known in waiting.reversed() {
            (reader.position, reader.path, reader.depth) = (known.offset, known.path, known.depth)
            let outcome = try TensorValueReader(name: known.key.name, defaultType: type).take(from: &reader)
            keep(outcome, as: known.key, at: known.offset, &reader)
        }
    }

    private func request(_ endpoint: PoolingRequest.Endpoint) -> PoolingRequest {
        PoolingRequest(endpoint: endpoint, elementType: elementType, fields: fields, tensors: tensors, nested: nested)
    }

    private func form(for endpoint: PoolingRequest.Endpoint) -> TensorForm {
        form ?? (TensorName.main(of: endpoint) == .input ? inputForm : gradientForm).form ?? .nested
    }

    /// - Returns: also the template of the request, whose text is `bytes`, where its only tensor is a list.
    private func decoded(
        _ endpoint: PoolingRequest.Endpoint, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> (DecodedRequest, RequestTemplate?) {
        let (request, form) = (request(endpoint), form(for: endpoint))
        guard nested.isEmpty, tensors.count == 1, let (name, tensor) = tensors.first, !lastValue.isEmpty,
            bytes[lastValue.lowerBound] == UInt8(ascii: "[")
        else { return (DecodedRequest(request, form: form), nil) }
        let template = RequestTemplate(bytes, around: lastValue, of: name, tensor, request, form: form)
        return (DecodedRequest(request, form: form, template: template), template)
    }
}
