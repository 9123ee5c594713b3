import PoolingEngine

extension JSONReader {
    /// More values than this outside of tensors are rejected, so that a hostile body cannot fill the memory.
    static let keptValueLimit = 100_000

    /// Longer strings outside of tensors are rejected, and more text than this in all.
    static let keptStringLimit = 64 << 10
    static let keptTextLimit = 4 << 20
    static let nameLimit = 1024

    /// Most lists outside of tensors have an entry for each of two dimensions.
    private static let usualListLength = 2

    /// Takes a value of any kind.
    mutating func takeValue() throws(WireError) -> FieldValue {
        try takeValue(keeping: true)
    }

    /// Takes a value of any kind, which need only be well-formed.
    mutating func skipValue() throws(WireError) {
        _ = try takeValue(keeping: false)
    }

    /// - Parameter keeping: whether to build the value, or only to check it.
    private mutating func takeValue(keeping: Bool) throws(WireError) -> FieldValue {
        try checkpoint()
        if keeping { try keepOneMore() }
        switch next {
        case UInt8(ascii: "{"): return .object(try takeObject(keeping: keeping))
        case UInt8(ascii: "["): return .list(try takeList(keeping: keeping))
        case UInt8(ascii: "\""): return .string(try takeString(keeping: keeping))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"), UInt8(ascii: "I"):
            return .number(try takeFieldNumber(keeping: keeping))
        default: return try takeLiteral()
        }
    }

    /// Rejects at once, because reading on would take as long as the body is large.
    mutating func keepOneMore() throws(WireError) {
        guard keptValues < Self.keptValueLimit else {
            throw .rejected(
                PoolingError(
                    .resultTooLarge, at: path.pointer(),
                    "expected at most \(Self.keptValueLimit) values outside of tensors"))
        }
        keptValues += 1
    }

    private mutating func takeObject(keeping: Bool) throws(WireError) -> [Field] {
        var fields: [Field] = []
        try takeMembers { (reader, name) throws(WireError) in
            let value = try reader.takeValue(keeping: keeping)
            if keeping { fields.append(Field(name, value)) }
        }
        return fields
    }

    private mutating func takeList(keeping: Bool) throws(WireError) -> [FieldValue] {
        var values: [FieldValue] = []
        try enter()
        if next == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return values
        }
        var index = 0
        path.push(.element(0))
        repeat {
            path.moveToElement(index)
            let value = try takeValue(keeping: keeping)
            if keeping {
                if index == 0 { values.reserveCapacity(Self.usualListLength) }
                values.append(value)
            }
            index += 1
        } while try takeSeparator(orEnd: UInt8(ascii: "]"))
        path.pop()
        return values
    }

    private mutating func takeString(keeping: Bool) throws(WireError) -> String {
        let start = position
        let token = try takeStringToken()
        guard keeping else { return "" }
        return keep(token, upTo: Self.keptStringLimit, "a string", at: start) ?? ""
    }

    private mutating func takeFieldNumber(keeping: Bool) throws(WireError) -> FieldNumber {
        if let bare = takeBareNonFinite() { return FieldNumber(value: bare, whole: nil) }
        let start = position
        let number = try takeNumber()
        guard keeping else { return FieldNumber(0) }
        let value = number.double(powers)
        if value.isInfinite {
            reject(
                PoolingError(.notRepresentable, at: path.pointer(), "the number is too large for float64"), at: start)
        }
        return FieldNumber(value: value, whole: number.whole)
    }
}
