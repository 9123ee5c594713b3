import PoolingEngine

/// Reads the members of a shape query, in whatever order they come; its tensors become fields.
struct ShapeQueryReader {
    private var fields: [Field] = []
    private var elementType: ElementType?
    /// Whether a tensor was read before its type was known.
    private var hasGuessed = false

    static func read(
        _ body: UnsafeRawBufferPointer, in workspace: Workspace
    ) throws(WireError) -> (fields: [Field], elementType: ElementType?) {
        var reader = JSONReader(body, in: workspace)
        return try read(&reader) { (reader, body) throws(WireError) in
            try reader.takeDocument { (reader, name) throws(WireError) in try body(name, &reader) }
        }
    }

    /// - Parameter members: calls its last argument with the name of each member, whose value comes next.
    private static func read(
        _ reader: inout JSONReader,
        _ members: (
            inout JSONReader, (String, inout JSONReader) throws(WireError) -> Void
        ) throws(WireError) -> Void
    ) throws(WireError) -> (fields: [Field], elementType: ElementType?) {
        let start = reader
        var query = ShapeQueryReader()
        try members(&reader) { (name, reader) throws(WireError) in try query.take(name, from: &reader) }
        if query.hasGuessed, let type = query.elementType, type != RequestReader.defaultType {
            // Tensors came before the type that they have.
            (reader, query) = (start, ShapeQueryReader())
            query.elementType = type
            try members(&reader) { (name, reader) throws(WireError) in try query.take(name, from: &reader) }
        }
        try reader.throwRejection()
        return (query.fields, query.elementType)
    }

    /// Takes an entry of a batch, which may name its endpoint.
    static func takeEntry(
        from reader: inout JSONReader
    ) throws(WireError) -> (fields: [Field], elementType: ElementType?) {
        try read(&reader) { (reader, body) throws(WireError) in
            try reader.takeMembers { (reader, name) throws(WireError) in
                if name == RequestReader.endpointName { try reader.skipValue() } else { try body(name, &reader) }
            }
        }
    }

    private mutating func take(_ name: String, from reader: inout JSONReader) throws(WireError) {
        guard name != "dtype" else {
            elementType = try reader.takeChoice(among: ElementType.allCases)
            return
        }
        let value = try takeValue(of: name, from: &reader)
        if value != .null { fields.append(Field(name, value)) }
    }

    /// Takes a value, in which objects that are tensors become their numbers.
    private mutating func takeValue(of name: String, from reader: inout JSONReader) throws(WireError) -> FieldValue {
        if let tensor = TensorName.named[name], reader.next == UInt8(ascii: "{") {
            return try takeTensor(tensor, from: &reader)
        }
        guard let list = RequestReader.EntryList(rawValue: name), list != .gradOutputs, reader.next == UInt8(ascii: "[")
        else {
            return try reader.takeValue()
        }
        var values: [FieldValue] = []
        try reader.takeListElements { (reader, _) throws(WireError) in
            guard reader.next == UInt8(ascii: "{") else { return values.append(try reader.takeValue()) }
            try reader.keepOneMore()
            var members: [Field] = []
            try reader.takeMembers { (reader, name) throws(WireError) in
                members.append(Field(name, try takeValue(of: name, from: &reader)))
            }
            values.append(.object(members))
        }
        return .list(values)
    }

    private mutating func takeTensor(
        _ name: TensorName, from reader: inout JSONReader
    ) throws(WireError) -> FieldValue {
        let start = reader.position
        let type = name.defaultElementType ?? elementType ?? RequestReader.defaultType
        let outcome = try TensorValueReader(name: name, defaultType: type).take(from: &reader)
        if name.defaultElementType == nil, elementType == nil, !outcome.namesItsType { hasGuessed = true }
        switch outcome.tensor {
        case .success(let tensor):
            for _ in 0..<tensor.count { try reader.keepOneMore() }
            return .object([
                Field("shape", .list(tensor.shape.map { .number(FieldNumber($0)) })),
                Field("data", .list(tensor.doubles.map { .number(FieldNumber(value: $0, whole: nil)) })),
            ])
        case .failure(let rejection):
            reader.reject(rejection, at: start)
            return .null
        }
    }
}
