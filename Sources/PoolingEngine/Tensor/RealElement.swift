/// A floating-point type that ops compute in.
protocol RealElement: PoolingElement, LaneElement, SummedRowValue, BinaryFloatingPoint {
    init(_ value: Double)
    var double: Double { get }
    static func step(of gradient: TableGradient) -> TableGradient.Step<Self>
    /// This type, as that of sums of gradients.
    static var sumType: SumType { get }
}
