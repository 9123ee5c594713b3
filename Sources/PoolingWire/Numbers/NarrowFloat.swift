import PoolingEngine

/// The layout of an IEEE 754 number in 16 bits.
protocol NarrowFloatFormat {
    /// Stored bits of the significand.
    static var significandBits: Int { get }
    static var exponentBits: Int { get }
    static var elementType: ElementType { get }
}

/// IEEE 754 binary16.
enum Float16Format: NarrowFloatFormat {
    static let significandBits = 10
    static let exponentBits = 5
    static let elementType = ElementType.float16
}

/// The upper half of a binary32.
enum BFloat16Format: NarrowFloatFormat {
    static let significandBits = 7
    static let exponentBits = 8
    static let elementType = ElementType.bfloat16
}

/// The bit pattern of a 16-bit float.
struct NarrowFloat<Format: NarrowFloatFormat>: BitwiseCopyable, Hashable, Sendable {
    let bitPattern: UInt16

    static var infinity: Self { Self(bitPattern: UInt16((1 << Format.exponentBits) - 1) << Format.significandBits) }
    static var nan: Self { Self(bitPattern: infinity.bitPattern | 1 << (Format.significandBits - 1)) }

    private static var bias: Int { 1 << (Format.exponentBits - 1) - 1 }

    var isNegative: Bool { bitPattern >> 15 != 0 }
    var magnitude: Self { Self(bitPattern: bitPattern & 0x7fff) }
    var isFinite: Bool { magnitude.bitPattern < Self.infinity.bitPattern }
    var isNaN: Bool { magnitude.bitPattern > Self.infinity.bitPattern }

    init(bitPattern: UInt16) {
        self.bitPattern = bitPattern
    }

    /// Rounds a `Double` that is not NaN to nearest, ties to even, in one step.
    init(rounding value: Double) {
        let sign = UInt16(value.sign == .minus ? 1 : 0) << 15
        let exponent = max(Int(value.exponentBitPattern) - 1023, 1 - Self.bias)
        let shift = 52 - Format.significandBits + exponent - (Int(value.exponentBitPattern) - 1023)
        guard value != 0, shift <= 53 else {
            bitPattern = sign
            return
        }
        guard exponent <= Self.bias else {
            bitPattern = sign | Self.infinity.bitPattern
            return
        }
        let significand = value.significandBitPattern | 1 << 52
        let half = UInt64(1) << UInt64(shift - 1)
        let kept = significand >> UInt64(shift)
        let rest = significand & (half << 1 - 1)
        let rounded = kept + (rest > half || rest == half && kept & 1 == 1 ? 1 : 0)
        let bits = rounded + UInt64(exponent + Self.bias - 1) << UInt64(Format.significandBits)
        bitPattern = sign | UInt16(min(bits, UInt64(Self.infinity.bitPattern)))
    }

    /// The magnitude's whole significand, and the power of two by which it counts.
    var parts: (significand: UInt64, exponent: Int, lowerGapIsHalf: Bool) {
        let stored = UInt64(magnitude.bitPattern)
        let field = Int(stored >> UInt64(Format.significandBits))
        let fraction = stored & (1 << UInt64(Format.significandBits) - 1)
        let hidden = field == 0 ? 0 : UInt64(1) << UInt64(Format.significandBits)
        return (fraction | hidden, max(field, 1) - Self.bias - Format.significandBits, fraction == 0 && field > 1)
    }
}
