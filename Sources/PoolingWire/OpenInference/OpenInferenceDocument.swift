import PoolingEngine

/// The JSON of an inference request, read but not yet understood.
///
/// ```json
/// {"id":"1", "parameters":{"op":"max","kernel":"3,3"},
///  "inputs":[{"name":"input","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}],
///  "outputs":[{"name":"output","parameters":{"binary_data":true}}]}
/// ```
struct OpenInferenceDocument {
    struct Input {
        var name = ""
        var datatype = ""
        var shape: [Int] = []
        var parameters: [Field] = []
        /// Read with the type of `datatype` where that is before it.
        var data: JSONElements?
    }

    struct Output {
        var name = ""
        var parameters: [Field] = []
    }

    private(set) var id: String?
    private(set) var parameters: [Field] = []
    private(set) var inputs: [Input] = []
    private(set) var outputs: [Output]?

    /// More inputs or outputs than there are names for are rejected.
    private static let longestList = 64

    init(_ json: UnsafeRawBufferPointer, in workspace: Workspace) throws(WireError) {
        var reader = JSONReader(json, allowsBareNonFinite: true, in: workspace)
        reader.skipWhitespace()
        guard reader.next == UInt8(ascii: "{") else {
            guard !json.isEmpty else { throw .malformed(.json, offset: 0, detail: FileKind.emptyBody) }
            try reader.skipValue()
            try reader.takeEnd()
            throw .rejected(PoolingError(.wrongType, at: "", "expected a JSON object"))
        }
        var document = Self.empty
        try reader.takeMembers { (reader, name) throws(WireError) in
            try document.takeMember(name, from: &reader)
        }
        try reader.takeEnd()
        try reader.throwRejection()
        self = document
    }

    /// Gives an input away, so that its numbers live no longer than they are needed.
    mutating func takeInput(_ index: Int) -> Input {
        var input = Input()
        swap(&input, &inputs[index])
        return input
    }

    private static let empty = OpenInferenceDocument()
    private init() {}

    private mutating func takeMember(_ name: String, from reader: inout JSONReader) throws(WireError) {
        switch name {
        case "id": id = try reader.takeText()
        case "parameters": parameters = try reader.takeFields()
        case "inputs":
            inputs = try reader.takeObjects(limit: Self.longestList, Input()) {
                (reader, member, input) throws(WireError) in
                try Self.takeMember(member, of: &input, from: &reader)
            }
        case "outputs":
            outputs = try reader.takeObjects(limit: Self.longestList, Output()) {
                (reader, member, output) throws(WireError) in
                switch member {
                case "name": output.name = try reader.takeText() ?? ""
                case "parameters": output.parameters = try reader.takeFields()
                default: try reader.rejectMember(member)
                }
            }
        default: try reader.rejectMember(name)
        }
    }

    private static func takeMember(
        _ name: String, of input: inout Input, from reader: inout JSONReader
    ) throws(WireError) {
        switch name {
        case "name": input.name = try reader.takeText() ?? ""
        case "datatype": input.datatype = try reader.takeText() ?? ""
        case "shape": input.shape = try reader.takeExtents()
        case "parameters": input.parameters = try reader.takeFields()
        case "data":
            let elementType = ElementTypeNames.openInference.elementType(named: input.datatype) ?? .float32
            let expected = TensorBytes.count(of: elementType, shape: input.shape).map { $0 / elementType.size }
            input.data = try JSONElements(of: elementType, expectedCount: expected, from: &reader)
        default: try reader.rejectMember(name)
        }
    }
}

extension JSONReader {
    /// Notes that `member`, whose value comes next, is unknown.
    fileprivate mutating func rejectMember(_ member: String) throws(WireError) {
        reject(
            PoolingError(.unknownField, at: path.pointer(), "there is no member '\(member.prefix(64))' here"),
            at: position)
        try skipValue()
    }

    /// Takes a value and notes where it is not of the kind that `expected` names.
    fileprivate mutating func take<Value>(
        _ expected: String, _ convert: (FieldValue) -> Value?
    ) throws(WireError) -> Value? {
        let start = position
        let value = try takeValue()
        if value == .null { return nil }
        if let converted = convert(value) { return converted }
        reject(PoolingError(.wrongType, at: path.pointer(), "expected \(expected), got \(value.kind)"), at: start)
        return nil
    }

    fileprivate mutating func takeText() throws(WireError) -> String? {
        try take("a string") { value in
            guard case .string(let text) = value else { return nil }
            return text
        }
    }

    fileprivate mutating func takeFields() throws(WireError) -> [Field] {
        try take("an object of strings, numbers and booleans") { value in
            guard case .object(let fields) = value else { return nil }
            return fields.filter { $0.value != .null }
        } ?? []
    }

    fileprivate mutating func takeExtents() throws(WireError) -> [Int] {
        try take("a list of whole numbers that are not negative") { value in
            guard case .list(let elements) = value else { return nil }
            let extents = elements.compactMap { element -> Int? in
                guard case .number(let number) = element, let whole = number.whole, whole >= 0 else { return nil }
                return Int(exactly: whole)
            }
            return extents.count == elements.count ? extents : nil
        } ?? []
    }

    /// Takes a list of objects, each made from a copy of `initial`.
    fileprivate mutating func takeObjects<Object>(
        limit: Int, _ initial: Object,
        _ takeMember: (inout JSONReader, String, inout Object) throws(WireError) -> Void
    ) throws(WireError) -> [Object] {
        var objects: [Object] = []
        guard next == UInt8(ascii: "[") else {
            _ = try take("a list of objects") { _ in Int?.none }
            return objects
        }
        try takeListElements { (reader, index) throws(WireError) in
            guard index < limit else {
                throw .rejected(
                    PoolingError(.wrongLength, at: reader.path.pointer(), "expected at most \(limit) entries"))
            }
            guard reader.next == UInt8(ascii: "{") else {
                reader.reject(
                    PoolingError(.wrongType, at: reader.path.pointer(), "expected an object"), at: reader.position)
                return try reader.skipValue()
            }
            var object = initial
            try reader.takeMembers { (reader, member) throws(WireError) in try takeMember(&reader, member, &object) }
            objects.append(object)
        }
        return objects
    }
}
