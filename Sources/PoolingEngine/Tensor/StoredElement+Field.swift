extension StoredElement where Self: FixedWidthInteger {
    /// The same whole number; nil where there is none in this type.
    init?(_ number: FieldNumber) {
        guard let whole = number.whole else { return nil }
        self.init(exactly: whole)
    }
}

extension Float {
    init?(_ number: FieldNumber) { self.init(holding: number.value) }
}

extension Double {
    init?(_ number: FieldNumber) { self = number.value }
}

extension StoredFloat16 {
    init?(_ number: FieldNumber) { self.init(holding: number.value) }
}

extension StoredBFloat16 {
    init?(_ number: FieldNumber) { self.init(holding: number.value) }
}

extension ElementType {
    /// Whether a number of a request has a value in this type.
    func holds(_ number: FieldNumber) -> Bool {
        switch self {
        case .float32: Float(number) != nil
        case .float64: true
        case .float16: StoredFloat16(number) != nil
        case .bfloat16: StoredBFloat16(number) != nil
        case .int8: Int8(number) != nil
        case .uint8: UInt8(number) != nil
        case .int16: Int16(number) != nil
        case .uint16: UInt16(number) != nil
        case .int32: Int32(number) != nil
        case .int64: Int64(number) != nil
        case .bool: number.whole == 0 || number.whole == 1
        }
    }
}

extension FieldReader {
    /// A number of the tensor's type, in which a float may also be `"NaN"`, `"Infinity"` or `"-Infinity"`.
    mutating func takeElementNumber(_ name: String) throws(PoolingError) -> FieldNumber? {
        switch take(name) {
        case nil: return nil
        case .number(let number): return number
        case .string("NaN"): return FieldNumber(value: .nan, whole: nil)
        case .string("Infinity"): return FieldNumber(value: .infinity, whole: nil)
        case .string("-Infinity"): return FieldNumber(value: -.infinity, whole: nil)
        case .some(let value): throw mismatch(value, at: name, expected: "a number")
        }
    }

    /// Rejects a number that the type does not have.
    func require(_ number: FieldNumber, heldBy type: ElementType, at name: String) throws(PoolingError) {
        guard !type.holds(number) else { return }
        throw rejection(
            .notRepresentable, at: name, "\(name) is \(number.text), which \(type.rawValue) does not hold")
    }
}
