/// Gradients of a selection over windows that are boxes: a row kernel finds the selected cells, and each gets its window's
/// gradient.
struct SelectionGradient: Sendable {
    private let forward: PlannedKernel
    /// Windows whose results begin at 0, and whose numbers of cells are offsets in memory.
    private let geometry: WindowGeometry
    private let outputBase: Int
    /// From result to result along each axis of the incoming gradients.
    private let outputStrides: [Int]
    /// Results of all planes.
    private let resultCount: Int

    /// Bytes of results and their indices, beyond which they would take much memory in addition to the tensors.
    static let largestResult = 1 << 20

    /// Nil where the op is no selection that rows are folded for, or of several planes results do not follow each other.
    init?<Stored: StoredElement>(_ geometry: WindowGeometry, _ op: any PoolingOp, _ type: Stored.Type) {
        switch op.fold {
        case .largest, .smallest: break
        case .sum, nil: return nil
        }
        guard geometry.inputCount <= Int(Int32.max), geometry.totalTaps >= ForwardKernels.fewestRowTaps,
            let numbered = geometry.numberedInMemory
        else { return nil }
        resultCount =
            numbered.levels.reduce(0) { $0 + ($1.count - 1) * $1.output } + geometry.windowsPerPlane
        guard resultCount * (MemoryLayout<Stored>.stride + MemoryLayout<Int64>.stride) <= Self.largestResult,
            let kernels = ForwardKernels.rowKernels(numbered, op, hasIndices: true, type), kernels.count == 1,
            kernels[0].units.count == geometry.planeCount
        else { return nil }
        (forward, self.geometry) = (kernels[0], numbered)
        (outputBase, outputStrides) = (geometry.outputBase, geometry.outputStrides)
    }

    /// - Parameter sum: the type in which gradients are added up.
    @inline(__always)
    func planned<Stored: StoredElement, Sum: RealElement>(
        _ type: Stored.Type, _ sum: Sum.Type
    ) -> PlannedBackwardKernel where Stored.Computed: RealElement {
        PlannedBackwardKernel(
            name: forward.name + "+indices", WorkUnits(planesOf: geometry, group: 1),
            scratchByteCount: forward.scratchByteCount + Self.largestResult
        ) { planes, pass in
            guard let input = pass.input,
                let results = try? Tensor(allocating: input.elementType, shape: [resultCount]),
                let indices = try? Tensor(allocating: .int64, shape: [resultCount])
            else { return .outOfMemory }
            let selecting = ForwardPass(
                input: input, output: results, indices: indices, cancellation: pass.cancellation)
            if let fault = forward.run(planes, selecting) { return fault }
            var scattering = pass
            (scattering.input, scattering.indices) = (nil, IndexTensor(indices))
            return scattering.withElements(type, sum) { _, gradOutput, indices, sums in
                if let indices = indices?.inPlace { scatter(planes, gradOutput + outputBase, indices, sums) }
                return nil
            }
        }
    }

    @inline(__always)
    private func scatter<Stored: StoredElement, Sum: RealElement>(
        _ planes: Range<Int>, _ gradOutput: UnsafePointer<Stored>, _ indices: UnsafePointer<Int64>,
        _ sums: UnsafeMutablePointer<Sum>
    ) where Stored.Computed: RealElement {
        let length = geometry.axes.last?.output ?? 1
        let (rows, step) = (geometry.windowsPerPlane / max(length, 1), outputStrides.last ?? 1)
        geometry.forEachRun(in: planes, longest: 1) { run in
            for row in 0..<rows {
                let gradients = gradOutput + (run.output &+ outputOffset(ofRow: row))
                let indices = indices + (run.output &+ row &* length)
                for column in 0..<length {
                    sums[Int(indices[column])] += Sum(gradients[column &* step].computed.double)
                }
            }
            return true
        }
    }

    /// Where a row of results begins among the incoming gradients of a plane.
    private func outputOffset(ofRow row: Int) -> Int {
        var (offset, rest) = (0, row)
        for axis in geometry.axes.indices.dropLast().reversed() {
            let (quotient, position) = rest.quotientAndRemainder(dividingBy: max(geometry.axes[axis].output, 1))
            offset &+= position &* outputStrides[axis]
            rest = quotient
        }
        return offset
    }
}
