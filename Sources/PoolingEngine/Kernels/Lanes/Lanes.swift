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

    /// The larger of two numbers in each lane, NaN over all.
    @inline(__always)
    static func larger(_ first: Lanes, _ second: Lanes) -> Lanes {
        first.replacing(with: second, where: (second .> first) .| (second .!= second))
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

/// How cells of a type that ops compute in become lanes, and back.
protocol LaneElement {
    /// Eight cells.
    static func lanes(_ cells: UnsafePointer<Self>) -> Lanes
    /// Rounds to eight cells.
    static func store(_ lanes: Lanes, _ cells: UnsafeMutablePointer<Self>)
    /// The same numbers, rounded to this type.
    static func rounded(_ lanes: Lanes) -> Lanes
    /// Exponentials of exponents of this magnitude at most are normal numbers of this type.
    static var largestExponent: Double { get }
    /// Sums of squares and cubes of this type's numbers that are smaller, in double precision, may have lost some.
    static var smallestSum: Double { get }
}

extension LaneElement {
    /// Larger sums may have overflowed.
    @inline(__always) static var largestSum: Double { 1e300 }

    /// Whether no sum has lost anything to overflow or underflow.
    @inline(__always)
    static func areSafe(_ sums: Lanes) -> Bool { sums.allLie(within: smallestSum, largestSum) }

    /// The sums that have lost nothing.
    @inline(__always)
    static func safe(_ sums: Lanes) -> Lanes.Mask { (sums .>= smallestSum) .& (sums .<= largestSum) }
}

extension Float: LaneElement {
    @inline(__always)
    static func lanes(_ cells: UnsafePointer<Float>) -> Lanes {
        cvectors_widened(UnsafeRawPointer(cells).loadUnaligned(as: SIMD8<Float>.self))
    }
    @inline(__always)
    static func store(_ lanes: Lanes, _ cells: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(cells).storeBytes(of: cvectors_narrowed(lanes), as: SIMD8<Float>.self)
    }
    @inline(__always) static func rounded(_ lanes: Lanes) -> Lanes { cvectors_widened(cvectors_narrowed(lanes)) }
    @inline(__always) static var smallestSum: Double { 0 }
    @inline(__always) static var largestExponent: Double { 80 }
}

extension Double: LaneElement {
    @inline(__always)
    static func lanes(_ cells: UnsafePointer<Double>) -> Lanes {
        UnsafeRawPointer(cells).loadUnaligned(as: Lanes.self)
    }
    @inline(__always)
    static func store(_ lanes: Lanes, _ cells: UnsafeMutablePointer<Double>) {
        UnsafeMutableRawPointer(cells).storeBytes(of: lanes, as: Lanes.self)
    }
    @inline(__always) static func rounded(_ lanes: Lanes) -> Lanes { lanes }
    @inline(__always) static var smallestSum: Double { 1e-250 }
    @inline(__always) static var largestExponent: Double { 600 }
}
