/// Sends gradients to the elements that indices name, whatever their base, and what is left over the window.
struct IndexScatterKernel<Stored: StoredElement, Sum: RealElement>: BackwardKernel where Stored.Computed: RealElement {
    let geometry: WindowGeometry
    /// The part of a gradient that the named element gets; the rest is spread evenly over the window.
    let selectedShare: Double

    var name: String { "indices.scatter" }
    /// Numbers that are not relative to a plane may name elements of any.
    var units: WorkUnits {
        let base = geometry.indexing.base
        let group = base == .plane || base == .window ? Self.planesTogether : max(geometry.planeCount, 1)
        return WorkUnits(planesOf: geometry, group: group)
    }
    var addsOnly: Bool { true }
    var scratchByteCount: Int { room.multipliedSaturating(by: MemoryLayout<Int>.stride) }

    /// Few enough planes that the windows of all of them stay in the cache.
    private static var planesTogether: Int { 16 }
    private var readsTaps: Bool { selectedShare != 1 || geometry.indexing.base == .window }
    private var room: Int { readsTaps ? geometry.readerRoom : 1 }

    /// Adds the gradients of the planes in `planes` to `gradInput`, and reports the first number that names no element; -1
    /// names none on purpose.
    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let indices else { return nil }
        guard let taps = try? Tensor(allocating: .int64, shape: [room]) else { return .outOfMemory }
        return taps.withMutableElements(as: Int.self) { taps in
            guard let taps = taps.baseAddress else { return nil }
            return scatter(
                planes, WindowReader(geometry, room: taps, cancellation), gradOutput, indices, gradInput,
                cancellation)
        }
    }

    private func scatter(
        _ planes: Range<Int>, _ reader: WindowReader, _ gradOutput: UnsafePointer<Stored>,
        _ indices: IndexNumbers, _ gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        let walk = WindowWalk(geometry: geometry, laneCapacity: Self.planesTogether, readsTaps: readsTaps)
        let lane = geometry.lane
        var wrong: Int?
        let goesOn = walk.visit(planes, reader, cancellation) { visit in
            for position in 0..<visit.run.count {
                let output = visit.output &+ position &* lane.output
                let plane = visit.input &+ position &* lane.input
                let gradient = gradOutput[output].computed.double
                if selectedShare != 1 { spread(gradient, plane: plane, reader, gradInput) }
                let number = indices[output]
                guard number != -1 else { continue }
                guard let element = element(number, reader, plane: plane) else {
                    wrong = min(wrong ?? output, output)
                    continue
                }
                gradInput[element] += Sum(selectedShare == 1 ? gradient : gradient * selectedShare)
            }
        }
        guard goesOn else { return .stopped }
        return wrong.map {
            let count = geometry.indexing.base == .window ? 0 : geometry.indexing.count
            return DataFault(
                kind: .wrongIndex(indices[$0], base: geometry.indexing.base, count: count), output: $0)
        }
    }

    /// The element that a number names, for the plane that begins at `plane`; nil for none.
    @inline(__always)
    private func element(_ number: Int64, _ reader: WindowReader, plane: Int) -> Int? {
        let number = Int(number)
        if geometry.indexing.base == .window { return reader.offset(ofKernelCell: number).map { plane &+ $0 } }
        guard number >= 0, number < geometry.indexing.count else { return nil }
        return geometry.indexing.element(number, anchor: plane)
    }

    private func spread(
        _ gradient: Double, plane: Int, _ reader: WindowReader, _ gradInput: UnsafeMutablePointer<Sum>
    ) {
        let share = Sum(gradient * (1 - selectedShare) / Double(max(reader.tapCount, 1)))
        for tap in 0..<reader.tapCount where reader.offset(ofTap: tap) >= 0 {
            gradInput[plane &+ reader.offset(ofTap: tap)] += share
        }
    }
}
