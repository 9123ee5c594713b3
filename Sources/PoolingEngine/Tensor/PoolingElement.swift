/// A number type that ops compute in: `Float` (also for the 16-bit types), `Double`, or `Int64` for all integers.
protocol PoolingElement: RowValue {
    var isNaN: Bool { get }
    /// This type's reducer; nil where the op does not compute in it.
    static func reducer(of reducers: Reducers) -> Reducer<Self>?
}

/// A floating-point type that ops compute in.
protocol RealElement: PoolingElement, LaneElement, BinaryFloatingPoint {
    init(_ value: Double)
    var double: Double { get }
    static func step(of gradient: TableGradient) -> TableGradient.Step<Self>
}

extension Float: RealElement {
    @inline(__always) var double: Double { Double(self) }
    static func reducer(of reducers: Reducers) -> Reducer<Float>? { reducers.float() }
    static func step(of gradient: TableGradient) -> TableGradient.Step<Float> { gradient.float }
}

extension Double: RealElement {
    @inline(__always) var double: Double { self }
    static func reducer(of reducers: Reducers) -> Reducer<Double>? { reducers.double() }
    static func step(of gradient: TableGradient) -> TableGradient.Step<Double> { gradient.double }
}

extension Int64: PoolingElement {
    @inline(__always) var isNaN: Bool { false }
    static func reducer(of reducers: Reducers) -> Reducer<Int64>? { reducers.integer?() }
}

/// A number type as tensors store it.
///
/// Floating-point types narrower than 32 bits are computed in `Float` and rounded once, to nearest even.
protocol StoredElement: BitwiseCopyable, Sendable {
    associatedtype Computed: PoolingElement

    var computed: Computed { get }

    /// Rounds to this type; nil where an integer does not fit.
    init?(rounding computed: Computed)

    /// The nearest of this type; nil where it is an infinity that `number` is not, or no integer.
    init?(_ number: FieldNumber)

    /// The kernel that folds rows of this type; nil where its sums would not fit.
    static func rowKernel(_ maker: RowKernelMaker) -> RowKernel?
}

extension Float: StoredElement {
    @inline(__always) var computed: Float { self }
    @inline(__always) init?(rounding computed: Float) { self = computed }
}

extension Double: StoredElement {
    @inline(__always) var computed: Double { self }
    @inline(__always) init?(rounding computed: Double) { self = computed }
}

/// A 16-bit IEEE number as its bit pattern, so that it is at home on processors without the type.
package struct StoredFloat16: StoredElement, BitwiseCopyable, Sendable {
    package let bits: UInt16

    package init(bits: UInt16) { self.bits = bits }

    /// Rounds once, to nearest even.
    package init(nearest value: Double) { bits = Float16(value).bitPattern }

    @inline(__always) var computed: Float { Float(Float16(bitPattern: bits)) }
    @inline(__always) init(nearest value: Float) { bits = Float16(value).bitPattern }
    @inline(__always) init?(rounding computed: Float) { self.init(nearest: computed) }
}

/// The upper half of a `Float`.
package struct StoredBFloat16: StoredElement, BitwiseCopyable, Sendable {
    package let bits: UInt16

    package init(bits: UInt16) { self.bits = bits }

    /// Rounds once, to nearest even.
    package init(nearest value: Double) { self.init(nearest: Float(roundingToOdd: value)) }

    @inline(__always) var computed: Float { Float(bitPattern: UInt32(bits) << 16) }

    @inline(__always) init?(rounding computed: Float) { self.init(nearest: computed) }

    @inline(__always) init(nearest value: Float) {
        let pattern = value.bitPattern
        let quietNaN = UInt16(truncatingIfNeeded: pattern >> 16) | 0x40
        // Adding just under half of the last kept place carries exactly when rounding to nearest even goes up.
        let rounded = UInt16(truncatingIfNeeded: (pattern &+ 0x7FFF &+ ((pattern >> 16) & 1)) >> 16)
        bits = value.isNaN ? quietNaN : rounded
    }
}

/// The integer types differ in nothing but their width.
protocol StoredInteger: StoredElement, FixedWidthInteger where Computed == Int64 {}

extension StoredInteger {
    @inline(__always) var computed: Int64 { Int64(truncatingIfNeeded: self) }

    @inline(__always) init?(rounding computed: Int64) {
        self.init(exactly: computed)
    }
}

extension Int8: StoredInteger {}
extension UInt8: StoredInteger {}
extension Int16: StoredInteger {}
extension UInt16: StoredInteger {}
extension Int32: StoredInteger {}
extension Int64: StoredInteger {}
