/// Visits windows: planes in runs of lanes, and for each run every window that these planes share.
struct WindowWalk {
    let geometry: WindowGeometry
    let laneCapacity: Int
    /// Whether the taps of each window are to be laid out.
    let readsTaps: Bool
    /// Windows along each axis, and from one to the next: lists of its own, because threads would wait for each other to
    /// count references to shared ones.
    private let outputs: [Int]
    private let outputStrides: [Int]
    /// Whether windows read other planes depending on their position.
    private let movesPlane: Bool
    /// The groups of rows along each axis; empty where windows are numbered as outputs are.
    private let groups: [RowGroups.Lists?]

    init(geometry: WindowGeometry, laneCapacity: Int, readsTaps: Bool = true) {
        (self.geometry, self.laneCapacity, self.readsTaps) = (geometry, laneCapacity, readsTaps)
        outputs = geometry.axes.map(\.output)
        outputStrides = geometry.outputStrides.map { $0 }
        movesPlane = !geometry.binStrides.isEmpty
        groups = geometry.coversOutputs ? [] : geometry.axes.map { $0.groups?.lists }
    }

    /// One window in as many planes as there are lanes.
    struct Visit {
        let run: WindowGeometry.PlaneRun
        let reader: WindowReader
        /// The first element of the first lane's plane, the output's offset, the plane's part of an index.
        let input: Int
        let output: Int
        let number: Int
        /// The entry of a mask for that element.
        let mask: Int
    }

    /// Visits all windows of the planes in `planes`, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func visit(
        _ planes: Range<Int>, _ reader: WindowReader, _ cancellation: Cancellation?, _ body: (Visit) -> Void
    ) -> Bool {
        var pace = Pace(cancellation)
        // Each run leaves it at the first window again.
        var position = [Int](repeating: 0, count: geometry.axes.count)
        let windows = geometry.windowsPerPlane
        var goesOn = true
        // Planes in lanes share their taps.
        geometry.forEachRun(in: planes, longest: geometry.lane.mask == 0 ? laneCapacity : 1) { run in
            for _ in 0..<windows {
                let visit = visit(run, reader, position)
                goesOn = !readsTaps || reader.move(to: position, mask: visit.mask)
                guard goesOn else { return false }
                body(visit)
                advance(&position)
                goesOn = pace.goesOn(after: (reader.tapCount &+ 1) &* run.count)
                guard goesOn else { return false }
            }
            return true
        }
        return goesOn
    }

    @inline(__always)
    private func visit(_ run: WindowGeometry.PlaneRun, _ reader: WindowReader, _ position: [Int]) -> Visit {
        var (input, output, number, mask) = (run.input, run.output, run.index, run.mask)
        for axis in position.indices {
            let window = position[axis]
            let key = groups.isEmpty ? window : groups[axis]?.key(ofGroup: window) ?? window
            output &+= key &* outputStrides[axis]
            if movesPlane {
                input &+= position[axis] &* geometry.binStrides[axis]
                number &+= position[axis] &* geometry.binIndexStrides[axis]
                if let strides = geometry.mask?.binStrides { mask &+= position[axis] &* strides[axis] }
            }
        }
        return Visit(run: run, reader: reader, input: input, output: output, number: number, mask: mask)
    }

    /// The next position in row-major order.
    private func advance(_ position: inout [Int]) {
        for axis in position.indices.reversed() {
            position[axis] += 1
            if position[axis] < outputs[axis] { return }
            position[axis] = 0
        }
    }
}
