import CVectors

/// Eight numbers in double precision, which ops compute with side by side.
///
/// No operation is fused or reordered, so that results are the same bits at every level of instructions.
typealias Lanes = SIMD8<Double>

extension SIMD8<Double> {
    typealias Mask = SIMDMask<SIMD8<Int64>>

    @inline(__always) var bits: SIMD8<UInt64> { unsafeBitCast(self, to: SIMD8<UInt64>.self) }
    @inline(__always) init(bits: SIMD8<UInt64>) { self = unsafeBitCast(bits, to: Lanes.self) }

    @inline(__always) var magnitude: Lanes { Lanes(bits: bits & 0x7FFF_FFFF_FFFF_FFFF) }
    /// The square roots; NaN of negative numbers.
    @inline(__always) var squareRoots: Lanes { cvectors_square_roots(self) }

    /// Whether every number is at least `low` and at most `high`; false where one is NaN.
    @inline(__always)
    func allLie(within low: Double, _ high: Double) -> Bool {
        cvectors_all_within(self, Lanes(repeating: low), Lanes(repeating: high))
    }

    @inline(__always)
    static func sum(_ first: Lanes, _ second: Lanes) -> Lanes { cvectors_sum(first, second) }
    @inline(__always)
    static func product(_ first: Lanes, _ second: Lanes) -> Lanes { cvectors_product(first, second) }

    /// The larger of two numbers in each lane, NaN over all.
    @inline(__always)
    static func larger(_ first: Lanes, _ second: Lanes) -> Lanes {
        first.replacing(with: second, where: (second .> first) .| (second .!= second))
    }

    /// The larger of two numbers in each lane; any of the two where one is NaN.
    @inline(__always)
    static func largerNumber(_ first: Lanes, _ second: Lanes) -> Lanes {
        first.replacing(with: second, where: second .> first)
    }

    /// The larger of two magnitudes in each lane, NaN over all: bits are in the order of numbers.
    @inline(__always)
    static func largerMagnitude(_ first: Lanes, _ second: Lanes) -> Lanes {
        let (one, other) = (unsafeBitCast(first, to: SIMD8<Int64>.self), unsafeBitCast(second, to: SIMD8<Int64>.self))
        return first.replacing(with: second, where: other .> one)
    }

    /// Numbers from `low` to `high`, others as the nearest of them; NaN stays.
    @inline(__always)
    func clamped(to low: Double, _ high: Double) -> Lanes {
        cvectors_clamped(self, Lanes(repeating: low), Lanes(repeating: high))
    }

    /// Each lane's `other` where `isIn` is false.
    @inline(__always)
    func only(where isIn: Mask?, else other: Double) -> Lanes {
        isIn.map { Lanes(repeating: other).replacing(with: self, where: $0) } ?? self
    }

    /// All lanes folded to one, which every lane then has: halves first, neighbours last.
    @inline(__always)
    func folded(_ fold: (Lanes, Lanes) -> Lanes) -> Lanes {
        let fours = fold(self, Lanes(lowHalf: highHalf, highHalf: lowHalf))
        let other = SIMD4(lowHalf: fours.lowHalf.highHalf, highHalf: fours.lowHalf.lowHalf)
        let twos = fold(fours, Lanes(lowHalf: other, highHalf: other))
        return Lanes(repeating: fold(twos, Lanes(repeating: twos[1]))[0])
    }

    /// The lanes from `first` on and below `end`.
    @inline(__always)
    static func lanes(from first: Int, below end: Int) -> Mask {
        let numbers: SIMD8<Int64> = [0, 1, 2, 3, 4, 5, 6, 7]
        return (numbers .>= Int64(first)) .& (numbers .< Int64(end))
    }
}
