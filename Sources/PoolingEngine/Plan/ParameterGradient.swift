/// The gradient with respect to an op's parameter: Σ over windows of grad_output times the derivative, in double precision and
/// in one order.
struct ParameterGradient<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    private let windows: LayerWindows
    private let variants: OpVariants<Stored.Computed>
    private let op: any LearnableOp

    init(_ op: any LearnableOp, _ variants: OpVariants<Stored.Computed>, _ windows: LayerWindows) {
        (self.op, self.variants, self.windows) = (op, variants, windows)
    }

    var name: String { op.parameter.name }

    /// One number, or one per channel, as the parameter is.
    func tensor(
        _ input: Tensor, _ gradOutput: Tensor, _ cancellation: Cancellation?
    ) throws(PoolingRefusal) -> Tensor {
        let shape = op.parameter.isList ? [op.parameter.values.count] : []
        let sums = try Tensor(allocating: .float64, shape: shape, zeroed: true)
        switch windows {
        case .whole(let geometries):
            for geometry in geometries { try add(geometry, input, gradOutput, cancellation, to: sums) }
        case .parts(let parts):
            try parts.forEach { (geometry) throws(PoolingRefusal) in
                try add(geometry, input, gradOutput, cancellation, to: sums)
            }
        case .sampled: break
        }
        return sums
    }

    private func add(
        _ geometry: WindowGeometry, _ input: Tensor, _ gradOutput: Tensor, _ cancellation: Cancellation?,
        to sums: Tensor
    ) throws(PoolingRefusal) {
        for (geometry, variant) in variants.split(geometry) {
            guard let op = variant.op.learnable else { continue }
            let kernel = GatherKernel<Stored>(geometry, variant.reducer)
            let place = self.op.parameter.isList ? geometry.channelBase : 0
            let fault = input.withElements(as: Stored.self) { values in
                gradOutput.withElements(as: Stored.self) { incoming in
                    sums.withMutableElements(as: Double.self) { sums -> DataFault? in
                        guard let values = values.baseAddress, let incoming = incoming.baseAddress,
                            sums.indices.contains(place)
                        else { return nil }
                        return kernel.forEachTile(
                            0..<geometry.planeCount, input: values, gradOutput: incoming, cancellation
                        ) { tile, scratch in
                            for lane in 0..<tile.laneCount {
                                let derivative = op.parameterDerivative(tile.cells(ofLane: lane))
                                sums[place] += scratch.incoming[lane].double * derivative
                            }
                        }
                    }
                }
            }
            if let fault { throw fault.refusal }
        }
    }
}
