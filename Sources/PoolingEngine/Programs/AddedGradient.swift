/// A gradient beside that of the input: numbers summed over all windows in double precision, in one order.
struct AddedGradient<Stored: StoredElement>: Sendable where Stored.Computed: RealElement {
    /// A geometry, and what each tile of its windows adds to the sums.
    typealias Job = (
        geometry: WindowGeometry, reducer: Reducer<Stored.Computed>, step: TableGradient.Step<Stored.Computed>
    )

    let name: PoolingResult.Name
    /// Within an object of that name; nil where it is the value.
    let member: String?
    let shape: [Int]
    /// Whether the sums are rounded to the type of the incoming gradient.
    let isRounded: Bool
    let windows: LayerWindows
    /// Adds the derivatives of all windows at once, where that is possible.
    var taps: TapDerivatives?
    let jobs: @Sendable (WindowGeometry) -> [Job]

    /// Bytes that it is computed in.
    var scratchByteCount: Int {
        guard case .whole(let geometries) = windows else { return 0 }
        return geometries.flatMap(jobs).reduce(taps?.scratchByteCount ?? 0) {
            max($0, GatherKernel<Stored>($1.geometry, $1.reducer).needs(gradients: false).byteCount)
        }
    }

    func tensor(
        _ input: Tensor, _ gradOutput: Tensor, _ cancellation: Cancellation?
    ) throws(PoolingError) -> PoolingResult.NamedTensor {
        let sums = try Tensor(allocating: .float64, shape: shape, zeroed: true)
        if let taps {
            if let fault = taps.add(input, gradOutput, sums, cancellation) { throw fault.rejection }
            let areFinite = sums.withMutableElements(as: Double.self) { sums in
                let areFinite = sums.allSatisfy(\.isFinite)
                if !areFinite { sums.update(repeating: 0) }
                return areFinite
            }
            // What stands for padding has made NaN of infinities.
            if areFinite { return try result(sums, gradOutput) }
        }
        try windows.forEachGeometry { (geometry) throws(PoolingError) in
            for job in jobs(geometry) { try add(job, input, gradOutput, cancellation, to: sums) }
        }
        return try result(sums, gradOutput)
    }

    private func result(
        _ sums: Tensor, _ gradOutput: Tensor
    ) throws(PoolingError) -> PoolingResult.NamedTensor {
        .init(name, isRounded ? try sums.rounded(to: gradOutput.elementType) : sums, member: member)
    }

    private func add(
        _ job: Job, _ input: Tensor, _ gradOutput: Tensor, _ cancellation: Cancellation?, to sums: Tensor
    ) throws(PoolingError) {
        let kernel = GatherKernel<Stored>(job.geometry, job.reducer)
        let fault = input.withElements(as: Stored.self) { values in
            gradOutput.withElements(as: Stored.self) { incoming in
                sums.withMutableElements(as: Double.self) { sums -> DataFault? in
                    guard let values = values.baseAddress, let incoming = incoming.baseAddress else { return nil }
                    return kernel.forEachTile(
                        0..<job.geometry.planeCount, input: values, gradOutput: incoming, cancellation
                    ) { tile, scratch in
                        job.step(tile, scratch, sums)
                    }
                }
            }
        }
        if let fault { throw fault.rejection }
    }
}

extension AddedGradient {
    /// Of the numbers that an op has for each cell of the kernel.
    ///
    /// - Parameter weights: the weights that are differentiated, where that is all.
    init(
        _ table: TableGradient, _ reducer: Reducer<Stored.Computed>, _ windows: LayerWindows, weights: WeightTable?
    ) {
        let step = Stored.Computed.step(of: table)
        var taps: TapDerivatives?
        if let weights, case .whole(let geometries) = windows, geometries.count == 1, let geometry = geometries.first {
            taps = .first(geometry, weights, Stored.self)
        }
        self.init(name: table.name, member: nil, shape: table.shape, isRounded: true, windows: windows, taps: taps) {
            [($0, reducer, step)]
        }
    }

    /// Of an op's parameter, one number or one per channel as it is.
    init(_ parameter: LearnableParameter, _ variants: OpVariants<Stored.Computed>, _ windows: LayerWindows) {
        let shape = parameter.isList ? [parameter.values.count] : []
        self.init(
            name: .gradParameters, member: parameter.name, shape: shape, isRounded: false, windows: windows
        ) { geometry in
            variants.split(geometry).compactMap { geometry, variant in
                guard let op = variant.op.learnable else { return nil }
                let place = parameter.isList ? geometry.channelBase : 0
                return (
                    geometry, variant.reducer,
                    { tile, scratch, sums in
                        guard sums.indices.contains(place) else { return }
                        for lane in 0..<tile.laneCount {
                            let derivative = op.parameterDerivative(tile.cells(ofLane: lane))
                            sums[place] += scratch.incoming[lane].double * derivative
                        }
                    }
                )
            }
        }
    }
}

extension LayerWindows {
    /// Calls `body` with each geometry that has windows, one after the other.
    fileprivate func forEachGeometry(
        _ body: (WindowGeometry) throws(PoolingError) -> Void
    ) throws(PoolingError) {
        switch self {
        case .whole(let geometries): for geometry in geometries { try body(geometry) }
        case .parts(let parts): try parts.forEach(body)
        case .sampled: break
        }
    }
}
