/// A number type that ops compute in: `Float` (also for the 16-bit types), `Double`, or `Int64` for all integers.
protocol PoolingElement: RowValue {
    var isNaN: Bool { get }
    /// This type's reducer; nil where the op does not compute in it.
    static func reducer(of reducers: Reducers) -> Reducer<Self>?
}

extension Float: RealElement {
    @inline(__always) var double: Double { Double(self) }
    static func reducer(of reducers: Reducers) -> Reducer<Float>? { reducers.float() }
    static func step(of gradient: TableGradient) -> TableGradient.Step<Float> { gradient.float }
    static var sumType: SumType { .float32 }
}

extension Double: RealElement {
    @inline(__always) var double: Double { self }
    static func reducer(of reducers: Reducers) -> Reducer<Double>? { reducers.double() }
    static func step(of gradient: TableGradient) -> TableGradient.Step<Double> { gradient.double }
    static var sumType: SumType { .float64 }
}

extension Int64: PoolingElement {
    @inline(__always) var isNaN: Bool { false }
    static func reducer(of reducers: Reducers) -> Reducer<Int64>? { reducers.integer?() }
}
