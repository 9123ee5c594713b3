/// The leading 128 bits of every power of ten that reading and writing a `Double` can need.
///
/// Computed once, exactly: multiplying and dividing by ten only moves the binary exponent of a power of five.
struct PowersOfTen: @unchecked Sendable {
    // @unchecked Sendable because the tables are written before `shared` exists, never changed, and never freed.
    private let significands: UnsafePointer<Significand>
    private let doubles: UnsafePointer<Double>
    private let integers: UnsafePointer<UInt64>

    /// A significand with its highest bit set, cut off after 128 bits.
    struct Significand: BitwiseCopyable {
        let high: UInt64
        let low: UInt64
    }

    static let shared = PowersOfTen()
    static let exponents = -342...324
    /// Powers in this range have no more than 128 significant bits.
    static let exactExponents = 0...55
    /// Powers in this range are exact as `Double`.
    static let exactDoubleExponents = 0...22

    private init() {
        let table = UnsafeMutablePointer<Significand>.allocate(capacity: Self.exponents.count)
        Self.fill(table - Self.exponents.lowerBound)
        significands = UnsafePointer(table - Self.exponents.lowerBound)
        integers = Self.powers(count: 20, of: UInt64(10), from: 1)
        doubles = Self.powers(count: Self.exactDoubleExponents.count, of: 10.0, from: 1)
    }

    /// 10^exponent is this (rounded down) times 2^(``binaryExponent(_:)`` − 127).
    @inline(__always)
    subscript(exponent: Int) -> Significand { significands[exponent] }

    /// The same rounded up.
    @inline(__always)
    func roundedUp(_ exponent: Int) -> Significand {
        let floor = significands[exponent]
        guard !Self.exactExponents.contains(exponent) else { return floor }
        let (low, carry) = floor.low.addingReportingOverflow(1)
        return Significand(high: floor.high &+ (carry ? 1 : 0), low: low)
    }

    /// 10^exponent for an exponent in ``exactDoubleExponents``.
    @inline(__always)
    func double(_ exponent: Int) -> Double { doubles[exponent] }

    /// 10^exponent for an exponent from 0 to 19.
    @inline(__always)
    func integer(_ exponent: Int) -> UInt64 { integers[exponent] }

    /// ⌊log2(10^exponent)⌋ for any exponent from -1233 to 1233.
    @inline(__always)
    static func binaryExponent(_ exponent: Int) -> Int { (exponent &* 1_741_647) >> 19 }

    private static func powers<N: Numeric>(count: Int, of base: N, from one: N) -> UnsafePointer<N> {
        let table = UnsafeMutablePointer<N>.allocate(capacity: count)
        var power = one
        for exponent in 0..<count {
            (table + exponent).initialize(to: power)
            if exponent + 1 < count { power *= base }
        }
        return UnsafePointer(table)
    }

    /// Fills in 5^n for every n, and 2^1024/5^n, which repeated division keeps exact but for its last bit.
    private static func fill(_ table: UnsafeMutablePointer<Significand>) {
        var power = [UInt64](repeating: 0, count: 17)
        power[0] = 1
        for exponent in 0...exponents.upperBound {
            (table + exponent).initialize(to: leadingBits(of: power))
            multiplyByFive(&power)
        }
        var reciprocal = [UInt64](repeating: 0, count: 17)
        reciprocal[16] = 1
        for exponent in 1...(-exponents.lowerBound) {
            divideByFive(&reciprocal)
            (table - exponent).initialize(to: leadingBits(of: reciprocal))
        }
    }

    private static func multiplyByFive(_ limbs: inout [UInt64]) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = limbs[index].multipliedFullWidth(by: 5)
            let (sum, overflow) = product.low.addingReportingOverflow(carry)
            limbs[index] = sum
            carry = product.high + (overflow ? 1 : 0)
        }
    }

    private static func divideByFive(_ limbs: inout [UInt64]) {
        var remainder: UInt64 = 0
        for index in limbs.indices.reversed() {
            (limbs[index], remainder) = UInt64(5).dividingFullWidth((remainder, limbs[index]))
        }
    }

    private static func leadingBits(of limbs: [UInt64]) -> Significand {
        let top = limbs.lastIndex { $0 != 0 } ?? 0
        let parts = (0..<3).map { top >= $0 ? limbs[top - $0] : 0 }
        let shift = parts[0].leadingZeroBitCount
        return Significand(
            high: parts[0] << shift | parts[1] >> (64 - shift), low: parts[1] << shift | parts[2] >> (64 - shift))
    }
}
