extension BackwardPlanner {
    struct Maker: RealTypeVisitor {
        let windows: LayerWindows
        let op: any PoolingOp
        let elementType: ElementType
        let inputShape: [Int]
        let hasInput: Bool
        let indices: IndexTensor?
        let readsWindows: Bool
        let wantsParameters: Bool
        let planByteCount: Int
        let limits: PoolingPlan.Limits

        private var inputCount: Int { inputShape.checkedProduct ?? .max }

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingError) -> any Program where Stored.Computed: RealElement {
            guard let variants = OpVariants<Stored.Computed>(op) else {
                throw PoolingError(.unsupportedCombination, at: "dtype", elementType.gradientRejection)
            }
            return switch sumType {
            case .float32: try program(variants, type, Stored.Computed.self)
            case .float64: try program(variants, type, Double.self)
            }
        }

        /// The type in which gradients are added up: where few shares add up, the sum in the op's own type is as good as
        /// the rounded one.
        private var sumType: SumType {
            elementType == .float64 || windows.largestShareCount > Self.sharesInOwnType ? .float64 : .float32
        }

        /// Shares whose sum in `Float` is off by at most as many halves of its last place: 1.5e-5 of their magnitudes.
        private static var sharesInOwnType: Int { 256 }

        private func program<Stored: StoredElement, Sum: RealElement>(
            _ variants: OpVariants<Stored.Computed>, _ type: Stored.Type, _ sum: Sum.Type
        ) throws(PoolingError) -> any Program where Stored.Computed: RealElement {
            if case .sampled(let geometry) = windows { return sampled(geometry, type, sum) }
            if indices == nil, !wantsParameters, variants.channelCount == nil,
                let program = try recomputing(variants.reducer, type, sum)
            {
                return program
            }
            var cost = cost
            if hasInput, indices == nil, op.tableGradient != nil {
                cost.operations = cost.operations.addingSaturating(cost.operations / 2)
            }
            if wantsParameters {
                let model = CostModel(windows: windows, op: op)
                cost.operations = cost.operations.addingSaturating(model.parameterGradient)
            }
            try WorkLimits.checkWork(cost.operations, limit: limits.work)
            let taps = taps(type, sum)
            let work = taps.map { .kernels([$0.kernel]) } ?? work(variants, type, sum)
            let additions = additions(variants, taps?.derivatives, type)
            cost.threadByteCount = additions.reduce(threadByteCount(work, variants.reducer)) {
                max($0, $1.scratchByteCount)
            }
            return program(work, sum, needsValues: needsValues && indices == nil, cost, additions)
        }

        /// - Parameter sum: the type that the kernels of `work` add up in.
        private func program<Sum: RealElement>(
            _ work: BackwardProgram.Work, _ sum: Sum.Type, needsValues: Bool, _ cost: Cost,
            _ additions: [AddedGradient] = []
        ) -> BackwardProgram {
            let strips = strips(work, Sum.sumType)
            var cost = cost
            if let strips {
                cost.threadByteCount = cost.threadByteCount.addingSaturating(strips.byteCount)
            } else if Sum.sumType.elementType != elementType {
                cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                    inputCount.multipliedSaturating(by: Sum.sumType.elementType.size))
            }
            return BackwardProgram(
                work: work, inputShape: inputShape, elementType: elementType, sumType: Sum.sumType,
                needsValues: needsValues, strips: strips, indices: indices,
                additions: additions, cost: cost)
        }

        private func strips(_ work: BackwardProgram.Work, _ sumType: SumType) -> GradientStrips? {
            guard sumType.elementType != elementType, case .kernels(let kernels) = work,
                case .whole(let geometries) = windows
            else { return nil }
            return GradientStrips(kernels, geometries, sumType)
        }

        /// Whether the gradient depends on the values of the input.
        private var needsValues: Bool { op.descriptor.gradient != .inputShape }

        /// The gradients of weighted sums over all windows at once; nil where windows are irregular.
        private func taps<Stored: StoredElement, Sum: RealElement>(
            _ type: Stored.Type, _ sum: Sum.Type
        ) -> (kernel: PlannedBackwardKernel, derivatives: TapDerivatives)? {
            guard indices == nil, case .whole(let geometries) = windows, geometries.count == 1 else { return nil }
            return BackwardKernels.taps(geometries[0], op, type, sum)
        }

        private func work<Stored: StoredElement, Sum: RealElement>(
            _ variants: OpVariants<Stored.Computed>, _ type: Stored.Type, _ sum: Sum.Type
        ) -> BackwardProgram.Work where Stored.Computed: RealElement {
            let hasIndices = indices != nil
            let make: BackwardProgram.Making = { geometry, writes in
                let writes = writes && !variants.divide(geometry)
                return variants.flatMap(geometry) { geometry, variant in
                    [
                        hasIndices
                            ? BackwardKernels.scattering(
                                geometry, selectedShare: variant.reducer.selectedShare, writes: writes, type, sum)
                            : BackwardKernels.first(geometry, variant.op, variant.reducer, writes: writes, type, sum)
                    ]
                }
            }
            return switch variants.split(windows) {
            case .whole(let geometries): .kernels(geometries.flatMap { make($0, geometries.count == 1) })
            case .parts(let parts): .parts(parts, make)
            case .sampled: .kernels([])
            }
        }

        private func threadByteCount<Element: RealElement>(
            _ work: BackwardProgram.Work, _ reducer: Reducer<Element>
        ) -> Int {
            switch work {
            case .kernels(let kernels): kernels.reduce(0) { max($0, $1.scratchByteCount) }
            case .parts(let parts, _): parts.threadByteCount(reducer, gradients: true)
            }
        }

        private var cost: Cost {
            cost(
                CostModel(windows: windows, op: op).backward(
                    readsWindows: readsWindows, inputs: inputCount))
        }

        private func cost(_ operations: Int) -> Cost {
            Cost(
                operations: operations, resultByteCount: inputCount.multipliedSaturating(by: elementType.size),
                planByteCount: planByteCount)
        }

        /// The indices are computed again with row kernels, where there are some, or where selecting takes most of the time,
        /// and gradients sent back through them.
        private func recomputing<Stored: StoredElement, Sum: RealElement>(
            _ reducer: Reducer<Stored.Computed>, _ type: Stored.Type, _ sum: Sum.Type
        ) throws(PoolingError) -> (any Program)? where Stored.Computed: RealElement {
            let usesRows = op.fold != nil
            guard hasInput, reducer.reduceSelecting != nil, usesRows || reducer.sorts,
                case .whole(let geometries) = windows,
                let first = geometries.first
            else { return nil }
            let outputs = first.outputCount
            let model = CostModel(windows: windows, op: op)
            let operations = model.forward(usesRows: usesRows, outputs: outputs)
                .addingSaturating(model.backward(readsWindows: false, inputs: inputCount))
            try WorkLimits.checkWork(operations, limit: limits.work)
            var kernels: [PlannedKernel] = []
            for geometry in geometries {
                let rows = ForwardKernels.rowKernels(geometry, op, hasIndices: true, type)
                guard rows != nil || !usesRows else { return nil }
                kernels += rows ?? [ForwardKernels.gathering(geometry, reducer, type)]
            }
            let scattering = geometries.map {
                BackwardKernels.scattering($0, selectedShare: 1, writes: geometries.count == 1, type, sum)
            }
            var cost = cost(operations)
            cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                outputs.multipliedSaturating(by: elementType.size + ElementType.int64.size))
            cost.threadByteCount = scattering.reduce(kernels.reduce(0) { max($0, $1.scratchByteCount) }) {
                max($0, $1.scratchByteCount)
            }
            let forward = ForwardProgram(
                work: .kernels(kernels), outputShape: first.outputShape, elementType: elementType, indexFields: .wanted,
                cost: cost)
            return RecomputedIndicesProgram(
                forward: forward, backward: program(.kernels(scattering), sum, needsValues: false, cost))
        }

        private func sampled<Stored: StoredElement, Sum: RealElement>(
            _ geometry: SampledGeometry, _ type: Stored.Type, _ sum: Sum.Type
        ) -> any Program where Stored.Computed: RealElement {
            let kernel = PlannedBackwardKernel(
                SampledGradientKernel<Stored, Sum>(
                    kernel: SampledKernel(geometry: geometry, reduction: op.sampleReduction(geometry))))
            var cost = cost
            cost.threadByteCount = kernel.scratchByteCount
            return program(.kernels([kernel]), sum, needsValues: needsValues, cost)
        }

        private func additions<Stored: StoredElement>(
            _ variants: OpVariants<Stored.Computed>, _ taps: TapDerivatives?, _ type: Stored.Type
        ) -> [AddedGradient] where Stored.Computed: RealElement {
            var additions: [AddedGradient] = []
            if hasInput, indices == nil, let table = op.tableGradient {
                additions.append(AddedGradient(table, variants.reducer, windows, taps: taps, type))
            }
            if wantsParameters, let parameter = op.learnable?.parameter {
                additions.append(AddedGradient(parameter, variants, windows, type))
            }
            return additions
        }
    }
}
