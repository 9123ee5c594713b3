/// A number type as tensors store it.
///
/// Floating-point types narrower than 32 bits are computed in `Float` and rounded once, to nearest even.
protocol StoredElement: BitwiseCopyable, Sendable {
    associatedtype Computed: PoolingElement

    var computed: Computed { get }

    /// Whether numbers that are computed one by one wait for each other: the compiler inserts each into a register that
    /// still holds the one before.
    static var waitsForOthers: Bool { get }

    /// Rounds to this type; nil where an integer does not fit.
    init?(rounding computed: Computed)

    /// Computes `count` elements that are next to each other.
    static func compute(_ elements: UnsafePointer<Self>, count: Int, to cells: UnsafeMutablePointer<Computed>)

    /// Rounds `count` cells to this type; where an integer does not fit, the element stays as it is.
    static func round(_ cells: UnsafePointer<Computed>, count: Int, to elements: UnsafeMutablePointer<Self>)

    /// The nearest of this type; nil where it is an infinity that `number` is not, or no integer.
    init?(_ number: FieldNumber)

    /// The kernel that folds rows of this type; nil where its sums would not fit.
    static func rowKernel(_ maker: RowKernelMaker) -> PlannedKernel?

    /// The kernel that adds up weighted cells; nil where windows are irregular.
    static func tapKernel(_ geometry: WindowGeometry, _ weights: WeightTable) -> PlannedKernel?

    /// The gradients of ``tapKernel(_:_:)``; nil where windows are irregular.
    static func tapGradients<Sum: RealElement>(
        _ geometry: WindowGeometry, _ weights: WeightTable, _ sum: Sum.Type
    ) -> (kernel: PlannedBackwardKernel, derivatives: TapDerivatives)?

    /// The kernel that spreads gradients of sums and means over windows; nil where windows are irregular.
    static func spreadKernel<Sum: RealElement>(
        _ geometry: WindowGeometry, _ divisor: MeanDivisor?, _ sum: Sum.Type
    ) -> PlannedBackwardKernel?
}

extension StoredElement {
    static var waitsForOthers: Bool { false }

    @inline(__always)
    static func compute(_ elements: UnsafePointer<Self>, count: Int, to cells: UnsafeMutablePointer<Computed>) {
        for index in 0..<count { cells[index] = elements[index].computed }
    }

    @inline(__always)
    static func round(_ cells: UnsafePointer<Computed>, count: Int, to elements: UnsafeMutablePointer<Self>) {
        for index in 0..<count {
            if let rounded = Self(rounding: cells[index]) { elements[index] = rounded }
        }
    }
}

extension Float: StoredElement {
    @inline(__always) var computed: Float { self }
    @inline(__always) init?(rounding computed: Float) { self = computed }
}

extension Double: StoredElement {
    @inline(__always) var computed: Double { self }
    @inline(__always) init?(rounding computed: Double) { self = computed }
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
