/// A region of boxes that the request names, whatever is made of each box.
protocol BoxRegion: Region {
    var regions: RegionsOfInterest { get }
}

extension BoxRegion {
    func outputChannels(_ axes: PooledAxes) -> Int? { regions.outputChannels(axes) }

    var lists: [(name: String, length: Int)] { regions.lists }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        try regions.pooledAxes(choice, shape: shape, of: Self.descriptor.name, reader: reader)
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int] {
        try regions.outputShape(axes, reader: reader)
    }

    func channelAxis(of axes: PooledAxes, outputRank: Int) -> Int? { axes.isChannelsLast ? outputRank - 1 : 1 }
}
