/// Several ops over the same windows, one after the other.
struct OpsProgram: Program {
    let names: [String]
    let programs: [any Program]
    /// How outputs become one; nil where each is returned.
    let joint: Joint?
    /// Of the combined output; where outputs are not combined, of the first.
    let output: TensorKind
    let region: String
    let cost: Cost

    var kernelName: String { programs.first?.kernelName ?? "none" }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        let together = try interleaved(operands, workspace)
        var results: [PoolingResult] = []
        let whole = try joint.map { (joint) throws(PoolingError) in
            try Tensor(allocating: joint.whole.elementType, shape: joint.whole.shape)
        }
        for (position, program) in programs.enumerated() {
            var result = try PoolingError.locating("ops/\(position)") { () throws(PoolingError) in
                if let together { return together[position] }
                return try program.run(operands, workspace)
            }
            if let joint, let whole, let output = result.tensor(.output) {
                joint.copy(output, at: position, into: whole)
            } else {
                result.operation = names[position]
                results.append(result)
            }
        }
        if let whole { return PoolingResult(tensors: [.init(.output, whole)]) }
        var result = PoolingResult(tensors: [])
        result.parts = .init(.outputs, results)
        return result
    }

    /// Bytes of the input that stay in the cache until each op has read them.
    private static let cachedByteCount = 1 << 18
    /// The most bytes of outputs that are there in addition to what they are joined to.
    private static let joinedByteCount = 1 << 20

    /// Pools a few planes with every op before the next ones, so that the input is read from memory once.
    ///
    /// - Returns: nil where the input is small, where kernels do not cut their work alike, and where the data have a fault,
    ///   which shows again when each op runs alone.
    private func interleaved(
        _ operands: Operands, _ workspace: Workspace
    ) throws(PoolingError) -> [PoolingResult]? {
        let forwards = programs.compactMap(\.forward)
        let units = forwards.flatMap { $0.kernels.map(\.units) }
        guard operands.main.byteCount > Self.cachedByteCount,
            joint == nil || cost.resultByteCount <= Self.joinedByteCount,
            let first = units.first, first.count > 0, forwards.count == programs.count,
            forwards.allSatisfy({ !$0.kernels.isEmpty }),
            let group = units.map(\.group).max(), group > 0,
            units.allSatisfy({ $0.count == first.count && group.isMultiple(of: $0.group) })
        else { return nil }
        var passes: [ForwardPass] = []
        for program in forwards { passes.append(try program.pass(operands, workspace)) }
        let unitByteCount = max(operands.main.byteCount / first.count, 1)
        let step = max(Self.cachedByteCount / unitByteCount / group, 1) * group
        let work = zip(forwards, passes).map { (kernels: $0.kernels, pass: $1) }
        do throws(PoolingError) {
            let row = units.reduce(group) { max($0, $1.row) }
            try workspace.run(WorkUnits(count: first.count, group: group, row: row)) { range in
                for start in stride(from: range.lowerBound, to: range.upperBound, by: step) {
                    let units = start..<min(start + step, range.upperBound)
                    for (kernels, pass) in work {
                        for kernel in kernels { if let fault = kernel.run(units, pass) { return fault } }
                    }
                }
                return nil
            }
        } catch {
            if error.reason == .stopped || error.reason == .outOfMemory { throw error }
            return nil
        }
        var results: [PoolingResult] = []
        for (program, pass) in zip(forwards, passes) { results.append(try program.result(of: pass)) }
        return results
    }
}

/// The gradient of several ops over the same windows: the sum of theirs, rounded once.
struct OpsGradientProgram: Program {
    /// nil for an op without a gradient.
    let programs: [(any Program)?]
    /// The gradients that come in; nil where they are parts of the operands' main tensor.
    let gradients: [Tensor?]?
    let joint: Joint?
    let inputShape: [Int]
    let elementType: ElementType
    let region: String
    let cost: Cost

    var kernelName: String { programs.lazy.compactMap { $0?.kernelName }.first ?? "none" }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        var unrounded = workspace
        unrounded.leavesSums = true
        // 16-bit types are summed in float32, as in one window, so that they are rounded once.
        let sumType: SumType = elementType.size < 4 ? .float32 : .float64
        let sums = try Tensor(allocating: sumType.elementType, shape: inputShape, zeroed: true)
        var additions: [PoolingResult] = []
        for (position, program) in programs.enumerated() {
            guard let program, let incoming = try gradient(position, operands) else {
                additions.append(PoolingResult(tensors: []))
                continue
            }
            let result = try PoolingError.locating("ops/\(position)") { () throws(PoolingError) in
                try program.run(Operands(main: incoming, input: operands.input), unrounded)
            }
            if let gradient = result.tensor(.gradInput) { try add(gradient, to: sums, workspace) }
            additions.append(result.dropping(.gradInput))
        }
        var result = PoolingResult(tensors: [.init(.gradInput, try sums.rounded(to: elementType))])
        if additions.contains(where: { !$0.isEmpty }) { result.parts = .init(.ops, additions) }
        return result
    }

    private func gradient(_ position: Int, _ operands: Operands) throws(PoolingError) -> Tensor? {
        if let gradients { return gradients[position] }
        return try joint?.cut(position, from: operands.main)
    }

    private func add(_ gradient: Tensor, to sums: Tensor, _ workspace: Workspace) throws(PoolingError) {
        let (type, sumType) = (try SumType(of: gradient), try SumType(of: sums))
        try workspace.forEachPart(of: sums.count) { part in
            switch (sumType, type) {
            case (.float32, .float32): add(gradient, of: Float.self, to: sums, of: Float.self, part)
            case (.float32, .float64): add(gradient, of: Double.self, to: sums, of: Float.self, part)
            case (.float64, .float32): add(gradient, of: Float.self, to: sums, of: Double.self, part)
            case (.float64, .float64): add(gradient, of: Double.self, to: sums, of: Double.self, part)
            }
        }
    }

    private func add<Part: BinaryFloatingPoint, Sum: BinaryFloatingPoint>(
        _ gradient: Tensor, of type: Part.Type, to sums: Tensor, of sumType: Sum.Type, _ part: Range<Int>
    ) {
        sums.withMutableElements(as: Sum.self) { sums in
            gradient.withElements(as: Part.self) { for index in part { sums[index] += Sum($0[index]) } }
        }
    }
}
