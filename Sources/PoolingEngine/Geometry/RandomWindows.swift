/// Windows of one kernel whose starts follow from a random sample per plane and axis.
struct RandomWindows: Sendable {
    let extents: [Int]
    let kernels: [Int]
    let sizes: [Int]
    let computesInDouble: Bool

    /// Every plane has windows of its own.
    func parts(
        _ axes: PooledAxes, samples: @escaping @Sendable (Int) -> Double, _ context: GeometryContext
    ) -> WindowParts {
        let frame = WindowGeometry.inPlace(axes, taps: [], context)
        let count = frame.planeCount
        let windows = sizes.reduce(1) { $0.multipliedSaturating(by: $1) }
        let kernel = kernels.reduce(1) { $0.multipliedSaturating(by: $1) }
        let all = count.multipliedSaturating(by: windows)
        return WindowParts(
            count: count, inputShape: frame.inputShape, outputShape: frame.outputShape, indexing: frame.indexing,
            taps: all.multipliedSaturating(by: kernel), windows: all, largestWindow: kernel, planeCount: 1,
            rowLength: sizes.last ?? 1, sharesInput: false
        ) { plane in
            var part = frame
            let run = frame.run(at: plane, count: 1)
            (part.inputBase, part.outputBase, part.indexBase) = (run.input, run.output, run.index)
            part.channelBase = run.channel
            part.levels = [PlaneLevel(count: 1, input: 0, output: 0, index: 0, channel: 0)]
            part.axes = extents.indices.map { axis in
                // PyTorch's samples are in the order W, H for two dimensions, and in axis order for any other number.
                let index = extents.count == 2 ? 1 - axis : axis
                return taps(axis, sample: samples(plane * extents.count + index))
            }
            return part
        }
    }

    private func taps(_ axis: Int, sample: Double) -> AxisTaps {
        let starts = FractionalStarts(
            extent: extents[axis], kernel: kernels[axis], count: sizes[axis], sample: sample,
            computesInDouble: computesInDouble)
        return AxisTaps(pattern: .starts(starts), input: extents[axis], output: sizes[axis], kernel: extents[axis])
    }
}
