/// One element, with enough of it to compare exactly.
package enum GoldenElement: Sendable, Equatable, CustomStringConvertible {
    case integer(Int64)
    /// A float of any width is a double without loss.
    case float(Double)

    /// Reads a JSON value; nil where it is no element of `type`.
    init?(_ json: GoldenJSON, _ type: GoldenElementType) {
        switch type {
        case .bool:
            guard case .bool(let truth) = json.value else { return nil }
            self = .integer(truth ? 1 : 0)
        case .float32, .float64, .float16, .bfloat16:
            guard let value = Self.double(json) else { return nil }
            self = .float(Self.round(value, to: type))
        case .int8, .uint8, .int16, .uint16, .int32, .int64:
            guard case .number(let text) = json.value, let value = Int64(text) else { return nil }
            self = .integer(value)
        }
    }

    /// Reads little-endian bytes.
    init(littleEndian bytes: ArraySlice<UInt8>, _ type: GoldenElementType) {
        let pattern = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self =
            switch type {
            case .float64: .float(Double(bitPattern: pattern))
            case .float32: .float(Double(Float(bitPattern: UInt32(pattern))))
            case .bfloat16: .float(Double(Float(bitPattern: UInt32(pattern) << 16)))
            case .float16: .float(Double(Float16(bitPattern: UInt16(pattern))))
            case .int64: .integer(Int64(bitPattern: pattern))
            case .int32: .integer(Int64(Int32(bitPattern: UInt32(pattern))))
            case .int16: .integer(Int64(Int16(bitPattern: UInt16(pattern))))
            case .int8: .integer(Int64(Int8(bitPattern: UInt8(pattern))))
            case .uint16, .uint8, .bool: .integer(Int64(pattern))
            }
    }

    /// Whether this is near enough to `want`: the same bits where both tolerances are 0.
    func matches(_ want: GoldenElement, relative: Double, absolute: Double) -> Bool {
        guard case .float(let got) = self, case .float(let want) = want else { return self == want }
        if got.isNaN || want.isNaN { return got.isNaN && want.isNaN }
        if relative == 0 { return got.bitPattern == want.bitPattern }
        if got.isInfinite || want.isInfinite { return got == want }
        return abs(got - want) <= absolute + relative * abs(want)
    }

    package var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        }
    }

    private static func double(_ json: GoldenJSON) -> Double? {
        switch json.value {
        case .number(let text): Double(text)
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        case .string, .object, .array, .bool, .null: nil
        }
    }

    private static func round(_ value: Double, to type: GoldenElementType) -> Double {
        switch type {
        case .float32: Double(Float(value))
        case .float16: Double(Float16(value))
        case .bfloat16: roundToBrainFloat(value)
        default: value
        }
    }

    /// To the nearest multiple of the last place at this magnitude, ties to even.
    private static func roundToBrainFloat(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let (fractionBits, leastExponent) = (7, -126)
        let exponent = max(Int(value.exponent), leastExponent) - fractionBits
        let lastPlace = Double(sign: .plus, exponent: exponent, significand: 1)
        return (value / lastPlace).rounded(.toNearestOrEven) * lastPlace
    }
}
