/// Which input positions each output reads, before any input is known.
protocol Region: Sendable {
    static var descriptor: RegionDescriptor { get }
    static var capabilities: RegionCapabilities { get }

    /// Takes the region's parameters.
    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError)

    /// The lengths of the lists among the parameters, which say how many dimensions are pooled.
    var lists: [(name: String, length: Int)] { get }

    /// Whether averages count padding unless the request says otherwise; nil where there is no padding.
    var countsPadding: Bool? { get }

    /// Whether a window can be empty, or a cell of it no element of the input.
    var canNameNothing: Bool { get }

    /// The pooled axes of an input of that shape.
    func pooledAxes(_ choice: AxisChoice, shape: [Int], reader: FieldReader) throws(PoolingError) -> PooledAxes

    /// The shape of the output.
    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int]

    /// Channels of the output, where they are others than those of the input.
    func outputChannels(_ axes: PooledAxes) -> Int?

    /// The axis of the output that has channels, along which outputs can be joined; nil where there is none.
    func channelAxis(of axes: PooledAxes, outputRank: Int) -> Int?

    /// The extents of the kernel along the pooled axes; nil where windows have no kernel in common.
    func kernel(_ axes: PooledAxes) -> [Int]?

    /// The windows, in memory that does not depend on how many there are.
    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows

    /// How windows lie along the pooled axes, for a shape query; nil where that depends on more than shapes.
    func report(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> WindowReport?

    /// What sizes of the input give along one axis of `count`, for an inverse shape query; nil where there is none.
    func inverse(along axis: Int, of count: Int) throws(PoolingError) -> AxisInverse?
}

extension Region {
    var lists: [(name: String, length: Int)] { [] }
    var countsPadding: Bool? { nil }
    var canNameNothing: Bool { false }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        let axes = try choice.resolve(shape: shape, lists: lists, reader: reader)
        try axes.requireElements(at: reader.inputPointer)
        return axes
    }

    func outputChannels(_ axes: PooledAxes) -> Int? { nil }
    func channelAxis(of axes: PooledAxes, outputRank: Int) -> Int? {
        if Self.capabilities.hasSpatialAxes { return axes.channel }
        return outputRank > 1 ? outputRank - 1 : nil
    }

    func kernel(_ axes: PooledAxes) -> [Int]? { nil }

    func report(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> WindowReport? { nil }

    func inverse(along axis: Int, of count: Int) throws(PoolingError) -> AxisInverse? { nil }
}
