/// A gradient in addition to that of the input: numbers summed over all windows in double precision, in one order.
struct AddedGradient: Sendable {
    private let name: PoolingResult.Name
    /// Within an object of that name; nil where it is the value.
    private let member: String?
    private let shape: [Int]
    /// Whether the sums are rounded to the type of the incoming gradient.
    private let isRounded: Bool
    private let windows: LayerWindows
    /// Adds the derivatives of all windows at once, where that is possible.
    private let taps: TapDerivatives?
    /// Adds the derivatives of a geometry's windows.
    private let add: @Sendable (WindowGeometry, BackwardPass) -> DataFault?
    /// Bytes that it is computed in.
    let scratchByteCount: Int

    func tensor(
        _ input: Tensor, _ gradOutput: Tensor, _ cancellation: Cancellation?
    ) throws(PoolingError) -> PoolingResult.NamedTensor {
        let sums = try Tensor(allocating: .float64, shape: shape, zeroed: true)
        let pass = BackwardPass(input: input, gradOutput: gradOutput, sums: sums, cancellation: cancellation)
        if try !addTaps(pass) {
            try windows.forEachGeometry { (geometry) throws(PoolingError) in
                if let fault = add(geometry, pass) { throw fault.rejection }
            }
        }
        return .init(name, isRounded ? try sums.rounded(to: gradOutput.elementType) : sums, member: member)
    }

    /// - Returns: whether the sums are complete; where not, they are 0.
    private func addTaps(_ pass: BackwardPass) throws(PoolingError) -> Bool {
        guard let taps else { return false }
        if let fault = taps.add(pass) { throw fault.rejection }
        return pass.sums.withMutableElements(as: Double.self) { sums in
            if sums.allSatisfy(\.isFinite) { return true }
            // Zeros in place of padding have made NaN of infinities.
            sums.update(repeating: 0)
            return false
        }
    }
}

extension AddedGradient {
    /// A kernel, and what each tile of its windows adds to the sums.
    private typealias Job<Stored: StoredElement> = (
        kernel: GatherKernel<Stored>, step: TableGradient.Step<Stored.Computed>
    )

    @inline(__always)
    private init<Stored: StoredElement>(
        _ name: PoolingResult.Name, member: String? = nil, shape: [Int], isRounded: Bool, _ windows: LayerWindows,
        taps: TapDerivatives? = nil, jobs: @escaping @Sendable (WindowGeometry) -> [Job<Stored>]
    ) where Stored.Computed: RealElement {
        (self.name, self.member, self.shape, self.isRounded) = (name, member, shape, isRounded)
        (self.windows, self.taps) = (windows, taps)
        let geometries = if case .whole(let geometries) = windows { geometries } else { [WindowGeometry]() }
        scratchByteCount = geometries.flatMap(jobs).reduce(taps?.scratchByteCount ?? 0) {
            max($0, $1.kernel.needs(gradients: false).byteCount)
        }
        add = { geometry, pass in
            for (kernel, step) in jobs(geometry) {
                if let fault = kernel.add(step, pass) { return fault }
            }
            return nil
        }
    }

    /// Of the numbers that an op has for each cell of the kernel.
    ///
    /// - Parameter taps: the derivatives of weights, where these are all that the op has.
    init<Stored: StoredElement>(
        _ table: TableGradient, _ reducer: Reducer<Stored.Computed>, _ windows: LayerWindows, taps: TapDerivatives?,
        _ type: Stored.Type
    ) where Stored.Computed: RealElement {
        let step = Stored.Computed.step(of: table)
        self.init(table.name, shape: table.shape, isRounded: true, windows, taps: taps) {
            [(GatherKernel<Stored>($0, reducer), step)]
        }
    }

    /// Of an op's parameter, one number or one per channel as it is.
    init<Stored: StoredElement>(
        _ parameter: LearnableParameter, _ variants: OpVariants<Stored.Computed>, _ windows: LayerWindows,
        _ type: Stored.Type
    ) where Stored.Computed: RealElement {
        let shape = parameter.isList ? [parameter.values.count] : []
        self.init(.gradParameters, member: parameter.name, shape: shape, isRounded: false, windows) {
            (geometry) -> [Job<Stored>] in
            variants.flatMap(geometry) { (geometry, variant) -> [Job<Stored>] in
                guard let op = variant.op.learnable else { return [] }
                let channel = parameter.isList ? geometry.channelBase : 0
                let step: TableGradient.Step<Stored.Computed> = { tile, scratch, sums in
                    guard sums.indices.contains(channel) else { return }
                    for lane in 0..<tile.laneCount {
                        let derivative = op.parameterDerivative(tile.cells(ofLane: lane))
                        sums[channel] += scratch.incoming[lane].double * derivative
                    }
                }
                return [(GatherKernel<Stored>(geometry, variant.reducer), step)]
            }
        }
    }
}

extension GatherKernel where Computed: RealElement {
    /// Calls `step` with each tile and the sums of a pass.
    fileprivate func add(_ step: TableGradient.Step<Computed>, _ pass: BackwardPass) -> DataFault? {
        pass.withElements(Stored.self, Double.self) { input, gradOutput, _, _ in
            guard let input else { return nil }
            return pass.sums.withMutableElements(as: Double.self) { sums in
                forEachTile(
                    0..<geometry.planeCount, input: input, gradOutput: gradOutput, pass.cancellation
                ) { tile, scratch in step(tile, scratch, sums) }
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
