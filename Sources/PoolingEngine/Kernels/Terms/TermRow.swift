import CVectors

/// A number type that terms are kept and folded in: double precision, or single precision for cells of that type, where
/// few enough are folded that the result loses no more than a sum of cells.
protocol TermRow: SummedRowValue, BinaryFloatingPoint, LaneElement {
    /// The most terms that are added up, along all axes of a window together.
    static var mostAdditions: Int { get }
    /// Exponents of ``exponentials(_:rate:of:)``, whose results and many sums of them are normal numbers.
    static var exponents: ClosedRange<Double> { get }
    /// What sums of such exponentials lie between where the others have no part in them.
    static var knownSums: ClosedRange<Self> { get }

    /// Whether exponents `rate`·x are as exact as the exponentials need, and logarithms over the rate as results need.
    static func supports(rate: Double) -> Bool
    static func cells<Element: LaneElement>(_ cells: UnsafePointer<Element>) -> Vector
    static func store<Element: LaneElement>(_ vector: Vector, _ cells: UnsafeMutablePointer<Element>)
    /// e^(rate·x), as exact as cells of type `Element` need.
    static func exponentials<Element: LaneElement>(_ x: Vector, rate: Double, of type: Element.Type) -> Vector
    static func product(_ first: Vector, _ second: Vector) -> Vector
    static func difference(_ first: Vector, _ second: Vector) -> Vector
    /// `vector` with 0 where both of the others are 0.
    static func clearing(_ vector: Vector, whereZero first: Vector, _ second: Vector) -> Vector
    /// Stores two vectors, number by number in turns.
    static func weave(_ evens: Vector, _ odds: Vector, _ cells: UnsafeMutablePointer<Self>)
    /// log x for normal numbers above 0, as exact as cells of type `Element` need.
    static func logarithms<Element: LaneElement>(_ x: Vector, of type: Element.Type) -> Vector
    /// `witness`, or -1 where factors of exponentials may lose digits in the products.
    static func witness(_ witness: Vector, of factors: Vector) -> Vector
    static func allLie(_ vector: Vector, from low: Self, through high: Self) -> Bool
    /// The largest witness of a known value.
    static var largestWitness: Self { get }
}

extension TermRow {
    static var width: Int { Vector.scalarCount }
    /// Whether a vector has more numbers than one in double precision.
    static var isShort: Bool { width > Lanes.scalarCount }
    static func rounded(_ count: Int) -> Int { count.rounded(to: width) }
}

extension Double: TermRow {
    static var mostAdditions: Int { .max }
    /// The smallest is next to nothing of any sum that is known, times any cell of a `Float` as well.
    @inline(__always) static var exponents: ClosedRange<Double> { -690...550 }
    @inline(__always) static var knownSums: ClosedRange<Double> { 1e-200...1e200 }

    /// A larger rate times the cell of the largest exponent would be more than any.
    static func supports(rate: Double) -> Bool { rate.magnitude <= 1e30 }
    @inline(__always)
    static func cells<Element: LaneElement>(_ cells: UnsafePointer<Element>) -> Vector { Element.lanes(cells) }
    @inline(__always)
    static func store<Element: LaneElement>(_ vector: Vector, _ cells: UnsafeMutablePointer<Element>) {
        Element.store(vector, cells)
    }
    @inline(__always)
    static func exponentials<Element: LaneElement>(_ x: Vector, rate: Double, of type: Element.Type) -> Vector {
        Element.exponential(x, rate: rate, within: exponents)
    }
    @inline(__always) static func product(_ first: Vector, _ second: Vector) -> Vector { first * second }
    @inline(__always) static func difference(_ first: Vector, _ second: Vector) -> Vector { first - second }
    @inline(__always)
    static func clearing(_ vector: Vector, whereZero first: Vector, _ second: Vector) -> Vector {
        vector.replacing(with: 0, where: (first .== 0) .& (second .== 0))
    }
    @inline(__always)
    static func weave(_ evens: Vector, _ odds: Vector, _ cells: UnsafeMutablePointer<Double>) {
        var both = SIMD16<Double>()
        (both.evenHalf, both.oddHalf) = (evens, odds)
        UnsafeMutableRawPointer(cells).storeBytes(of: both, as: SIMD16<Double>.self)
    }
    @inline(__always)
    static func logarithms<Element: LaneElement>(_ x: Vector, of type: Element.Type) -> Vector { Element.logarithm(x) }
    @inline(__always) static func witness(_ witness: Vector, of factors: Vector) -> Vector { witness }
    @inline(__always)
    static func allLie(_ vector: Vector, from low: Double, through high: Double) -> Bool {
        vector.allLie(within: low, high)
    }
    @inline(__always) static var largestWitness: Double { 1e300 }
}

extension Float: TermRow {
    static var mostAdditions: Int { 64 }
    /// Cells of smaller exponents have the weight 0, and are next to nothing of any sum that is known.
    @inline(__always) static var exponents: ClosedRange<Double> { -86...88 }
    /// Of larger ones a weight times its cell could overflow.
    @inline(__always) static var knownSums: ClosedRange<Float> { 1e-24...1e34 }

    /// A power of two loses nothing of x; errors of logarithms are divided by the rate.
    static func supports(rate: Double) -> Bool {
        (0.25...0x1p20).contains(rate.magnitude) && rate.significand == 1
    }
    @inline(__always)
    static func cells<Element: LaneElement>(_ cells: UnsafePointer<Element>) -> Vector { Element.singles(cells) }
    @inline(__always)
    static func store<Element: LaneElement>(_ vector: Vector, _ cells: UnsafeMutablePointer<Element>) {
        Element.store(vector, cells)
    }
    @inline(__always)
    static func exponentials<Element: LaneElement>(_ x: Vector, rate: Double, of type: Element.Type) -> Vector {
        cvectors_float_exponentials(
            cvectors_float_product(x, Vector(repeating: Float(rate))), Float(exponents.lowerBound),
            Float(exponents.upperBound))
    }
    @inline(__always)
    static func product(_ first: Vector, _ second: Vector) -> Vector { cvectors_float_product(first, second) }
    @inline(__always)
    static func difference(_ first: Vector, _ second: Vector) -> Vector { cvectors_float_difference(first, second) }
    @inline(__always)
    static func clearing(_ vector: Vector, whereZero first: Vector, _ second: Vector) -> Vector {
        vector.replacing(with: 0, where: (first .== 0) .& (second .== 0))
    }
    @inline(__always)
    static func weave(_ evens: Vector, _ odds: Vector, _ cells: UnsafeMutablePointer<Float>) {
        var both = SIMD32<Float>()
        (both.evenHalf, both.oddHalf) = (evens, odds)
        UnsafeMutableRawPointer(cells).storeBytes(of: both, as: SIMD32<Float>.self)
    }
    @inline(__always)
    static func logarithms<Element: LaneElement>(_ x: Vector, of type: Element.Type) -> Vector {
        cvectors_float_logarithms(x)
    }
    @inline(__always)
    static func witness(_ witness: Vector, of factors: Vector) -> Vector {
        let (least, most) = (Vector(repeating: 1e-30), Vector(repeating: 1e30))
        let isSmall = (factors .< least) .& (factors .> -least) .& (factors .!= 0)
        return witness.replacing(with: -1, where: isSmall .| (factors .> most) .| (factors .< -most))
    }
    @inline(__always)
    static func allLie(_ vector: Vector, from low: Float, through high: Float) -> Bool {
        cvectors_float_all_within(vector, Vector(repeating: low), Vector(repeating: high))
    }
    @inline(__always) static var largestWitness: Float { 1e38 }
}
