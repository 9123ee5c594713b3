import PoolingEngine

// The lists whose entries have tensors of their own.
extension RequestReader {
    enum EntryList: String {
        case ops, layers
        case gradOutputs = "grad_outputs"
    }

    /// Reads the JSON of `ops` or `layers` in a query or a parameter.
    static func readList(
        _ text: [UInt8], named name: String, defaultType: ElementType, in workspace: Workspace
    ) throws(WireError) -> (value: FieldValue, tensors: [TensorPath: Tensor]) {
        try text.withUnsafeBufferPointer { (bytes) throws(WireError) in
            var reader = JSONReader(UnsafeRawBufferPointer(bytes), in: workspace)
            reader.path.push(.member(name))
            reader.skipWhitespace()
            var request = RequestReader()
            request.elementType = defaultType
            let value = try EntryList(rawValue: name).map { (list) throws(WireError) in
                try request.takeEntries(of: list, at: [], from: &reader)
            }
            try reader.takeEnd()
            try reader.throwRejection()
            return (value ?? .null, request.nested)
        }
    }

    /// More entries are counted, and their tensors not read.
    private static let longestEntryList = 64

    /// Takes such a list; its tensors go to ``nested``, and what is left is the value.
    mutating func takeEntries(
        of list: EntryList, at path: [Int], from reader: inout JSONReader
    ) throws(WireError) -> FieldValue {
        guard reader.next == UInt8(ascii: "[") else { return try reader.takeValue() }
        var values: [FieldValue] = []
        try reader.takeListElements { (reader, position) throws(WireError) in
            try reader.keepOneMore()
            if position >= Self.longestEntryList {
                try reader.skipValue()
                values.append(.null)
            } else {
                values.append(try takeEntry(of: list, at: path + [position], from: &reader))
            }
        }
        return .list(values)
    }

    private mutating func takeEntry(
        of list: EntryList, at path: [Int], from reader: inout JSONReader
    ) throws(WireError) -> FieldValue {
        if list == .gradOutputs {
            if !reader.takeWord("null") { try takeTensor(TensorPath(.gradOutput, path), from: &reader) }
            return .null
        }
        guard reader.next == UInt8(ascii: "{") else { return try reader.takeValue() }
        var fields: [Field] = []
        try reader.takeMembers { (reader, name) throws(WireError) in
            if let tensor = TensorName.named[name] {
                guard !reader.takeWord("null") else { return }
                try takeTensor(TensorPath(tensor, path), from: &reader)
            } else if list == .layers, name == EntryList.ops.rawValue {
                fields.append(Field(name, try takeEntries(of: .ops, at: path, from: &reader)))
            } else {
                let value = try reader.takeValue()
                if value != .null { fields.append(Field(name, value)) }
            }
        }
        return .object(fields)
    }
}
