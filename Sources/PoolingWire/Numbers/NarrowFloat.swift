import PoolingEngine

/// A floating-point type of 16 bits, as JSON reads and writes it.
protocol NarrowFloat: TensorElement {
    /// Stored bits of the significand; of the others, one is the sign's.
    static var significandBits: Int { get }

    var bits: UInt16 { get }
    init(nearest value: Double)
}

extension StoredFloat16: NarrowFloat {
    static var elementType: ElementType { .float16 }
    static var significandBits: Int { 10 }
}

extension StoredBFloat16: NarrowFloat {
    static var elementType: ElementType { .bfloat16 }
    static var significandBits: Int { 7 }
}

extension NarrowFloat {
    private static var infinity: UInt16 { (0x7fff >> significandBits) << significandBits }
    private static var bias: Int { 1 << (14 - significandBits) - 1 }

    var isNegative: Bool { bits >> 15 != 0 }
    var magnitude: UInt16 { bits & 0x7fff }
    var isFinite: Bool { magnitude < Self.infinity }
    var isNaN: Bool { magnitude > Self.infinity }

    /// The magnitude's whole significand, and the power of two by which it counts.
    var parts: (significand: UInt64, exponent: Int, lowerGapIsHalf: Bool) {
        let stored = UInt64(magnitude)
        let field = Int(stored >> UInt64(Self.significandBits))
        let fraction = stored & (1 << UInt64(Self.significandBits) - 1)
        let hidden = field == 0 ? 0 : UInt64(1) << UInt64(Self.significandBits)
        return (fraction | hidden, max(field, 1) - Self.bias - Self.significandBits, fraction == 0 && field > 1)
    }

    @inline(__always)
    static func element(_ number: Decimal, _ powers: PowersOfTen) -> Self? {
        let value = Self(nearest: number.double(powers))
        return value.isFinite ? value : nil
    }

    static func element(nonFinite: Double) -> Self? { Self(nearest: nonFinite) }

    @inline(__always)
    func write(to text: UnsafeMutablePointer<UInt8>, _ numbers: NumberText) -> Int { numbers.write(self, to: text) }
}
