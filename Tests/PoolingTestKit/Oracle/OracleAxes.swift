import PoolingEngine

/// Which axes of the input are pooled, and what the others mean.
struct OracleAxes {
    let shape: [Int]
    /// The pooled axes, in the order in which lists name them.
    let pooled: [Int]
    let channel: Int?
    let batch: Int?

    var extents: [Int] { pooled.map { shape[$0] } }

    init(_ request: OracleRequest) {
        let shape = request.inputShape
        if let listed = request.perAxis("axes", count: 0) {
            self.init(shape: shape, pooled: listed.map { $0 < 0 ? $0 + shape.count : $0 }, channel: nil, batch: nil)
            return
        }
        switch request.region {
        case "sequence":
            let time = shape.count - 2
            self.init(shape: shape, pooled: [time], channel: time + 1, batch: shape.count == 3 ? 0 : nil)
        case "segments":
            self.init(shape: shape, pooled: [0], channel: nil, batch: nil)
        case "bags":
            // Spans that name their batch take their rows from two axes.
            let isBatched = request.tensor(.spans)?.shape.last == 3
            self.init(shape: shape, pooled: isBatched ? [0, 1] : [0], channel: nil, batch: nil)
        default:
            let d = Self.dimensions(request, rank: shape.count)
            let layout = request.text("layout", "channels_first")
            let last = layout == "channels_last" || (layout.hasPrefix("N") && layout.hasSuffix("C"))
            let first = shape.count - d - (last ? 1 : 0)
            self.init(
                shape: shape, pooled: Array(first..<first + d),
                channel: last ? shape.count - 1 : (first > 0 ? first - 1 : nil),
                batch: shape.count >= d + 2 ? 0 : nil)
        }
    }

    private init(shape: [Int], pooled: [Int], channel: Int?, batch: Int?) {
        self.shape = shape
        self.pooled = pooled
        self.channel = channel
        self.batch = batch
    }

    private static let lists = [
        "kernel", "stride", "dilation", "padding", "output_size", "output_ratio", "boundaries", "padding_mode",
    ]

    private static func dimensions(_ request: OracleRequest, rank: Int) -> Int {
        if ["roi", "roi_align"].contains(request.region) { return 2 }
        if let dims = request.whole("dims") { return dims }
        for name in lists {
            if name == "output_size", request.request.endpoint == .unpool || request.op == "unpool" { continue }
            if let entries = request.value(name)?.entries { return entries.count }
        }
        if let shape = request.kernelShape { return shape.count }
        return rank == 5 ? 3 : rank == 1 ? 1 : 2
    }

    /// `shape` with the pooled axes of these sizes.
    func outputShape(_ sizes: [Int]) -> [Int] {
        var output = shape
        for (axis, size) in zip(pooled, sizes) { output[axis] = size }
        return output
    }

    /// `position` moved to the first element of its plane.
    func plane(of position: [Int]) -> [Int] {
        var plane = position
        for axis in pooled { plane[axis] = 0 }
        return plane
    }

    /// The flat input position of `coordinates` (one a pooled axis) in `plane`.
    func source(_ coordinates: [Int], in plane: [Int]) -> Int {
        var position = plane
        for (axis, coordinate) in zip(pooled, coordinates) { position[axis] = coordinate }
        return Coordinates.flat(position, in: shape)
    }
}

extension OracleRequest {
    /// The shape of the tensor that replaces the kernel.
    var kernelShape: [Int]? { tensor(.footprint)?.shape ?? (value("kernel") == nil ? tensor(.structure)?.shape : nil) }
}
