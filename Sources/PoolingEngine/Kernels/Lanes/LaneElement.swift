import CVectors

/// How cells of a type that ops compute in become lanes, and back.
protocol LaneElement {
    /// Eight cells.
    static func lanes(_ cells: UnsafePointer<Self>) -> Lanes
    /// Sixteen cells, rounded to single precision.
    static func singles(_ cells: UnsafePointer<Self>) -> SIMD16<Float>
    /// Sixteen cells.
    static func store(_ singles: SIMD16<Float>, _ cells: UnsafeMutablePointer<Self>)
    /// Of sixteen cells every second one, and the others.
    static func lanePairs(_ cells: UnsafePointer<Self>) -> (evens: Lanes, odds: Lanes)
    /// Rounds to eight cells.
    static func store(_ lanes: Lanes, _ cells: UnsafeMutablePointer<Self>)
    /// The same numbers, rounded to this type.
    static func rounded(_ lanes: Lanes) -> Lanes
    /// Exponentials of exponents of this magnitude at most are normal numbers of this type.
    static var largestExponent: Double { get }
    /// Sums of squares and cubes of this type's numbers that are smaller, in double precision, may have lost some.
    static var smallestSum: Double { get }
    /// e^x for numbers of magnitude ``SIMD8/safeExponent`` at most, as exact as this type needs; anything for others.
    static func safeExponential(_ x: Lanes) -> Lanes
    /// e^(rate·x) where exponents are within `range`, which is -690 to 600 at most, else as of the nearest; NaN of NaN.
    static func exponential(_ x: Lanes, rate: Double, within range: ClosedRange<Double>) -> Lanes
    /// log x, as exact as this type needs; −∞ of 0, NaN of negative numbers.
    static func logarithm(_ x: Lanes) -> Lanes
    /// x^exponent, as exact as this type needs, for numbers that are not negative.
    static func power(_ x: Lanes, _ exponent: Double) -> Lanes
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
    @inline(__always) static func singles(_ cells: UnsafePointer<Float>) -> SIMD16<Float> { load(cells) }
    @inline(__always)
    static func lanePairs(_ cells: UnsafePointer<Float>) -> (evens: Lanes, odds: Lanes) {
        let both = UnsafeRawPointer(cells).loadUnaligned(as: SIMD16<Float>.self)
        return (cvectors_widened(both.evenHalf), cvectors_widened(both.oddHalf))
    }
    @inline(__always)
    static func store(_ lanes: Lanes, _ cells: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(cells).storeBytes(of: cvectors_narrowed(lanes), as: SIMD8<Float>.self)
    }
    @inline(__always) static func rounded(_ lanes: Lanes) -> Lanes { cvectors_widened(cvectors_narrowed(lanes)) }
    @inline(__always) static var smallestSum: Double { 0 }
    @inline(__always) static var largestExponent: Double { 80 }
    @inline(__always) static func safeExponential(_ x: Lanes) -> Lanes {
        (x * 0x1.71547652b82fep0).safePowerOfTwo
    }
    @inline(__always)
    static func exponential(_ x: Lanes, rate: Double, within range: ClosedRange<Double>) -> Lanes {
        let unit = 0x1.71547652b82fep0
        return (x * (rate * unit)).clamped(to: range.lowerBound * unit, range.upperBound * unit).safePowerOfTwo
    }
    @inline(__always) static func logarithm(_ x: Lanes) -> Lanes { x.shortLogarithm * 0x1.62e42fefa39efp-1 }
    @inline(__always) static func power(_ x: Lanes, _ exponent: Double) -> Lanes {
        (x.shortLogarithm * exponent).powerOfTwo
    }
}

extension Double: LaneElement {
    @inline(__always)
    static func lanes(_ cells: UnsafePointer<Double>) -> Lanes {
        UnsafeRawPointer(cells).loadUnaligned(as: Lanes.self)
    }
    @inline(__always)
    static func singles(_ cells: UnsafePointer<Double>) -> SIMD16<Float> {
        SIMD16(lowHalf: cvectors_narrowed(lanes(cells)), highHalf: cvectors_narrowed(lanes(cells + 8)))
    }
    @inline(__always)
    static func store(_ singles: SIMD16<Float>, _ cells: UnsafeMutablePointer<Double>) {
        store(cvectors_widened(singles.lowHalf), cells)
        store(cvectors_widened(singles.highHalf), cells + 8)
    }
    @inline(__always)
    static func lanePairs(_ cells: UnsafePointer<Double>) -> (evens: Lanes, odds: Lanes) { split(cells) }
    @inline(__always)
    static func store(_ lanes: Lanes, _ cells: UnsafeMutablePointer<Double>) {
        UnsafeMutableRawPointer(cells).storeBytes(of: lanes, as: Lanes.self)
    }
    @inline(__always) static func rounded(_ lanes: Lanes) -> Lanes { lanes }
    @inline(__always) static var smallestSum: Double { 1e-250 }
    @inline(__always) static var largestExponent: Double { 600 }
    @inline(__always) static func safeExponential(_ x: Lanes) -> Lanes { x.safeExponential }
    @inline(__always)
    static func exponential(_ x: Lanes, rate: Double, within range: ClosedRange<Double>) -> Lanes {
        (x * rate).clamped(to: range.lowerBound, range.upperBound).safeExponential
    }
    @inline(__always) static func logarithm(_ x: Lanes) -> Lanes { x.logarithm }
    @inline(__always) static func power(_ x: Lanes, _ exponent: Double) -> Lanes {
        (x.logarithm * exponent).exponential
    }
}
