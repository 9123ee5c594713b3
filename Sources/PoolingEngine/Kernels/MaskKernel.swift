/// Sends gradients back through a mask: to the element that each number names, and what is left over the window.
struct MaskKernel<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    typealias Computed = Stored.Computed

    let geometry: WindowGeometry
    /// The part of a gradient that the named element gets; the rest is spread evenly over the window.
    let selectedShare: Double

    private var readsTaps: Bool { selectedShare != 1 || geometry.indexing.base == .window }

    /// Refuses a number that names no element; -1 names none on purpose.
    func check(_ indices: UnsafePointer<Int64>, _ reader: FieldReader) throws(PoolingRefusal) {
        if geometry.indexing.base == .window {
            try checkKernelCells(indices, reader)
            return
        }
        guard !areFine(indices) else { return }
        let (base, count) = (geometry.indexing.base, geometry.indexing.count)
        for output in 0..<geometry.outputCount where !(-1..<count).contains(Int(indices[output])) {
            throw DataFault(kind: .wrongIndex(indices[output], base: base, count: count), output: output).refusal
        }
    }

    /// Whether all numbers name elements: a loop without branches, because nearly always they do.
    private func areFine(_ indices: UnsafePointer<Int64>) -> Bool {
        let limit = UInt64(geometry.indexing.count)
        var signs: UInt64 = 0
        for output in 0..<geometry.outputCount {
            let number = UInt64(bitPattern: indices[output] &+ 1)
            signs |= number | (limit &- number)
        }
        return signs >> 63 == 0
    }

    private func checkKernelCells(
        _ indices: UnsafePointer<Int64>, _ reader: FieldReader
    ) throws(PoolingRefusal) {
        var wrong: Int?
        visit(0..<geometry.planeCount) { visit, lane in
            let output = visit.output &+ lane &* geometry.lane.output
            let cell = Int(indices[output])
            if cell != -1, visit.reader.offset(ofKernelCell: cell) == nil { wrong = min(wrong ?? output, output) }
        }
        guard let wrong else { return }
        throw reader.refusal(
            .indexOutOfRange, at: "indices",
            "index \(wrong) is \(indices[wrong]), and the window has no such cell within the input")
    }

    /// Adds the gradients of the planes in `planes` to `gradInput`.
    func backward(
        _ planes: Range<Int>, gradOutput: UnsafePointer<Stored>, indices: UnsafePointer<Int64>,
        gradInput: UnsafeMutablePointer<Computed>
    ) {
        visit(planes) { visit, lane in
            let output = visit.output &+ lane &* geometry.lane.output
            let gradient = gradOutput[output].computed
            let plane = visit.input &+ lane &* geometry.lane.input
            if selectedShare != 1 { spread(gradient, plane: plane, visit, gradInput) }
            let number = Int(indices[output])
            guard number >= 0 else { return }
            let element =
                geometry.indexing.base == .window
                ? visit.reader.offset(ofKernelCell: number).map { plane &+ $0 }
                : geometry.indexing.element(number, anchor: plane)
            guard let element else { return }
            gradInput[element] += selectedShare == 1 ? gradient : Computed(gradient.double * selectedShare)
        }
    }

    private func spread(
        _ gradient: Computed, plane: Int, _ visit: WindowWalk.Visit, _ gradInput: UnsafeMutablePointer<Computed>
    ) {
        let share = Computed(gradient.double * (1 - selectedShare) / Double(max(visit.reader.tapCount, 1)))
        for tap in 0..<visit.reader.tapCount where visit.reader.offsets[tap] != WindowReader.zeroCell {
            gradInput[plane &+ visit.reader.offsets[tap]] += share
        }
    }

    private func visit(_ planes: Range<Int>, _ body: (WindowWalk.Visit, _ lane: Int) -> Void) {
        let tapCapacity = readsTaps ? max(geometry.largestWindow, 1) : 1
        let kernelOffsets = UnsafeMutablePointer<Int>.allocate(capacity: tapCapacity)
        defer { kernelOffsets.deallocate() }
        // Sixteen planes at a time: few enough that the windows of all of them stay in the cache.
        let walk = WindowWalk(geometry: geometry, laneCapacity: 16, readsTaps: readsTaps)
        walk.visit(planes, kernelOffsets: kernelOffsets, tapCapacity: tapCapacity) { visit in
            for lane in 0..<visit.run.count { body(visit, lane) }
        }
    }
}
