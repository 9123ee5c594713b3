/// Visits windows: planes in runs of lanes, and for each run every window of every block that these planes share.
struct WindowWalk {
    let geometry: WindowGeometry
    let laneCapacity: Int
    /// Whether the taps of each window are to be laid out.
    var readsTaps = true

    /// One window in as many planes as there are lanes.
    struct Visit {
        let run: WindowGeometry.PlaneRun
        let reader: WindowReader
        /// The first element of the first lane's plane, the output's place, the plane's part of a mask's number.
        let input: Int
        let output: Int
        let number: Int
    }

    /// Visits all windows of the planes in `planes`.
    ///
    /// - Parameter kernelOffsets: room for `tapCapacity` numbers.
    func visit(
        _ planes: Range<Int>, kernelOffsets: UnsafeMutablePointer<Int>, tapCapacity: Int, _ body: (Visit) -> Void
    ) {
        for group in geometry.groups {
            let shared = group.planes.clamped(to: planes)
            guard !shared.isEmpty else { continue }
            let blocks = geometry.blocks[group.blocks].map {
                (block: $0, reader: WindowReader($0, kernelOffsets: kernelOffsets, tapCapacity: tapCapacity))
            }
            // Each visit leaves it at the first window again.
            var position = [Int](repeating: 0, count: blocks.first?.block.axes.count ?? 0)
            geometry.forEachRun(in: shared, longest: laneCapacity) { run in
                for (block, reader) in blocks { visit(block, run, reader, &position, body) }
            }
        }
    }

    private func visit(
        _ block: WindowBlock, _ run: WindowGeometry.PlaneRun, _ reader: WindowReader, _ position: inout [Int],
        _ body: (Visit) -> Void
    ) {
        for _ in 0..<block.windowsPerPlane {
            if readsTaps { reader.move(to: position) }
            var (input, output) = (block.inputBase &+ run.input, block.outputBase &+ run.output)
            var number = block.indexBase &+ run.index
            for axis in position.indices {
                output &+= position[axis] &* block.outputStrides[axis]
                if !block.binStrides.isEmpty {
                    input &+= position[axis] &* block.binStrides[axis]
                    number &+= position[axis] &* block.binIndexStrides[axis]
                }
            }
            body(Visit(run: run, reader: reader, input: input, output: output, number: number))
            Self.advance(&position, block.axes)
        }
    }

    /// The next position in row-major order.
    private static func advance(_ position: inout [Int], _ axes: [AxisTaps]) {
        for axis in position.indices.reversed() {
            position[axis] += 1
            if position[axis] < axes[axis].output { return }
            position[axis] = 0
        }
    }
}
