/// A number type that rows are folded in, with its vectors.
///
/// Each type names its vectors and compares them itself: code that is generic over a SIMD type is compiled lane by lane.
/// What is made of these few operations may be generic.
protocol RowValue: Comparable, Hashable, Codable, SIMDScalar, BitwiseCopyable, Sendable {
    associatedtype Vector: SIMD where Vector.Scalar == Self
    /// The first half of a vector, for rows that end there.
    associatedtype Half: SIMD where Half.Scalar == Self
    associatedtype Mask

    static var zero: Self { get }
    /// Whether comparisons with it are all false.
    var isUnordered: Bool { get }

    static func isLess(_ first: Vector, _ second: Vector) -> Mask
    /// The lanes whose comparisons are all false; nil where the type has no such numbers.
    static func unordered(_ vector: Vector) -> Mask?
    static func either(_ first: Mask, _ second: Mask) -> Mask
    static func both(_ first: Mask, not second: Mask) -> Mask
    static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector
    /// A bit for each number that equals `one`, or is NaN as that is; the first has the lowest.
    static func matches(_ all: Vector, _ one: Self) -> UInt64
    /// Half a vector as a whole one, the rest of which nobody looks at.
    static func widened(_ half: Half) -> Vector
    static func firstHalf(_ vector: Vector) -> Half
    /// Every second of the cells from `cells` on, of twice as many as a vector has: the first ones and the others.
    static func split(_ cells: UnsafePointer<Self>) -> (evens: Vector, odds: Vector)
}

/// A number type whose cells can be folded with the index of the element that each came from.
protocol IndexedRowValue: RowValue {
    /// Has as many lanes and the same masks, so that indices are selected as cells are.
    associatedtype Index: RowValue & FixedWidthInteger & SignedInteger where Index.Mask == Mask
}

/// A number type that is summed.
protocol SummedRowValue: RowValue {
    static func sum(_ first: Vector, _ second: Vector) -> Vector
    static func quotient(_ first: Vector, _ second: Vector) -> Vector
}

extension RowValue {
    @inline(__always)
    static func load(_ cells: UnsafePointer<Self>) -> Vector {
        UnsafeRawPointer(cells).loadUnaligned(as: Vector.self)
    }

    @inline(__always)
    static func store(_ vector: Vector, _ cells: UnsafeMutablePointer<Self>) {
        UnsafeMutableRawPointer(cells).storeBytes(of: vector, as: Vector.self)
    }

    @inline(__always)
    static func loadHalf(_ cells: UnsafePointer<Self>) -> Vector {
        widened(UnsafeRawPointer(cells).loadUnaligned(as: Half.self))
    }

    @inline(__always)
    static func storeHalf(_ vector: Vector, _ cells: UnsafeMutablePointer<Self>) {
        UnsafeMutableRawPointer(cells).storeBytes(of: firstHalf(vector), as: Half.self)
    }
}

extension RowValue {
    @inline(__always)
    static func matches(_ all: Vector, _ one: Self) -> UInt64 {
        (0..<Vector.scalarCount).reduce(0) { all[$1] == one ? $0 | 1 &<< UInt64($1) : $0 }
    }
}

extension RowValue where Self: FixedWidthInteger {
    @inline(__always) var isUnordered: Bool { false }
}
