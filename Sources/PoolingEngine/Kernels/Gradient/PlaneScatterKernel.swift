/// Sends gradients to the elements that indices name within each plane, plane after plane while it is in the cache.
///
/// For indices numbered by plane in row-major order, which is how planes lie in memory up to one step.
struct PlaneScatterKernel<Stored: StoredElement, Sum: RealElement>: BackwardKernel where Stored.Computed: RealElement {
    private let geometry: WindowGeometry
    /// Elements from number to number.
    private let step: Int
    private let windowCount: Int
    private let elementCount: Int

    var name: String { "indices.planes" }
    /// Interleaved planes are cleared together.
    var units: WorkUnits { WorkUnits(planesOf: geometry, group: step == 1 ? 1 : geometry.lane.count) }
    var addsOnly: Bool { false }
    let scratchByteCount: Int

    /// Nil where numbers are not positions in memory up to one step, or planes are not whole.
    init?(_ geometry: WindowGeometry) {
        guard geometry.indexing.base == .plane, geometry.indexing.order == .rowMajor, geometry.inputBase == 0,
            geometry.outputBase == 0, geometry.indexBase == 0, geometry.binStrides.isEmpty,
            geometry.coversOutputs,
            let step = geometry.inputStrides.last, let outputStep = geometry.outputStrides.last
        else { return nil }
        let inputs = geometry.axes.map(\.input)
        let outputs = geometry.axes.map(\.output)
        guard geometry.inputStrides == inputs.rowMajorStrides.map({ $0 * step }),
            geometry.outputStrides == outputs.rowMajorStrides.map({ $0 * outputStep }),
            step == outputStep, step == 1 || (geometry.lane.input == 1 && geometry.lane.count == step)
        else { return nil }
        (self.geometry, self.step) = (geometry, step)
        windowCount = geometry.windowsPerPlane
        elementCount = inputs.reduce(1, *)
        scratchByteCount = Self.scratchByteCount(geometry)
    }

    /// Bytes that each slice computes in, where such a kernel takes the geometry.
    static func scratchByteCount(_ geometry: WindowGeometry) -> Int {
        // Sums in another type are read again to be rounded.
        guard Stored.self == Sum.self else { return 0 }
        let plane = geometry.axes.reduce(geometry.inputStrides.last ?? 1) { $0.multipliedSaturating(by: $1.input) }
        return PlaneStream<Sum>.byteCount(plane: plane, result: geometry.inputCount)
    }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let indices else { return nil }
        let stream = scratchByteCount > 0 ? PlaneStream<Sum>(byteCount: scratchByteCount) : nil
        var pace = Pace(cancellation)
        var goesOn = true
        var wrong: Int?
        geometry.forEachRun(in: planes, longest: step) { run in
            let plane = stream?.begin(at: gradInput + run.input) ?? gradInput + run.input
            clear(plane)
            let gradients = gradOutput + run.output
            let offset =
                step == 1
                ? scatter(gradients, indices, run.output, plane, step: 1)
                : scatter(gradients, indices, run.output, plane, step: step)
            stream?.end(count: elementCount &* step)
            if wrong == nil, let offset { wrong = run.output &+ offset }
            goesOn = pace.goesOn(after: (windowCount &+ elementCount) &* step)
            return goesOn
        }
        stream?.finish()
        guard goesOn else { return .stopped }
        return wrong.map {
            DataFault(kind: .wrongIndex(indices[$0], base: .plane, count: elementCount), output: $0)
        }
    }

    @inline(never)
    private func clear(_ plane: UnsafeMutablePointer<Sum>) {
        plane.update(repeating: .zero, count: elementCount &* step)
    }

    /// Gradients and indices that are converted at a time, at most.
    private static var pieceLength: Int { 256 }

    /// - Parameter first: the number of the first gradient among the indices.
    /// - Returns: the first number that names no element; -1 names none on purpose.
    @inline(__always)
    private func scatter(
        _ gradients: UnsafePointer<Stored>, _ indices: IndexNumbers, _ first: Int,
        _ plane: UnsafeMutablePointer<Sum>, step: Int
    ) -> Int? {
        let gradient = { (offset: Int) in gradients[offset].computed.double }
        if !Stored.waitsForOthers || step > Self.pieceLength, let numbers = indices.inPlace {
            let numbers = numbers + first
            return scatter(windowCount, plane, step: step, number: { numbers[$0] }, gradient)
        }
        guard step <= Self.pieceLength else {
            return scatter(windowCount, plane, step: step, number: { indices[first &+ $0] }, gradient)
        }
        return scatterPieces(gradients, indices, first, plane, step: step)
    }

    @inline(__always)
    private func scatterPieces(
        _ gradients: UnsafePointer<Stored>, _ indices: IndexNumbers, _ first: Int,
        _ plane: UnsafeMutablePointer<Sum>, step: Int
    ) -> Int? {
        withUnsafeTemporaryAllocation(of: Stored.Computed.self, capacity: Self.pieceLength) { piece in
            withUnsafeTemporaryAllocation(of: Int64.self, capacity: Self.pieceLength) { numbers in
                guard let piece = piece.baseAddress, let numbers = numbers.baseAddress else { return nil }
                let together = Self.pieceLength / step
                for window in stride(from: 0, to: windowCount, by: together) {
                    let (count, offset) = (min(together, windowCount &- window), window &* step)
                    Stored.compute(gradients + offset, count: count &* step, to: piece)
                    let numbers = indices.numbers(count &* step, from: first &+ offset, buffer: numbers)
                    let wrong = scatter(
                        count, plane, step: step, number: { numbers[$0] }, { piece[$0].double })
                    if let wrong { return offset &+ wrong }
                }
                return nil
            }
        }
    }

    @inline(__always)
    private func scatter(
        _ windowCount: Int, _ plane: UnsafeMutablePointer<Sum>, step: Int, number: (_ offset: Int) -> Int64,
        _ gradient: (_ offset: Int) -> Double
    ) -> Int? {
        let limit = UInt64(elementCount)
        for window in 0..<windowCount {
            for lane in 0..<step {
                let offset = window &* step &+ lane
                let number = number(offset)
                if UInt64(bitPattern: number) < limit {
                    plane[Int(number) &* step &+ lane] += Sum(gradient(offset))
                } else if number != -1 {
                    return offset
                }
            }
        }
        return nil
    }
}
