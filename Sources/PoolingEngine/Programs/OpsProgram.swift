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
    var tableSize: Int { programs.reduce(0) { $0.addingSaturating($1.tableSize) } }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        if let joint { return try combined(joint, operands, workspace) }
        var results: [PoolingResult] = []
        for (name, program) in zip(names, programs) {
            var result = try PoolingError.locating("ops/\(results.count)") { () throws(PoolingError) in
                try program.run(operands, workspace)
            }
            result.operation = name
            results.append(result)
        }
        var result = PoolingResult(tensors: [])
        result.parts = .init(.outputs, results)
        return result
    }

    private func combined(
        _ joint: Joint, _ operands: Operands, _ workspace: Workspace
    ) throws(PoolingError) -> PoolingResult {
        let whole = try Tensor(allocating: joint.whole.elementType, shape: joint.whole.shape)
        for (position, program) in programs.enumerated() {
            guard let output = try program.run(operands, workspace).tensor(.output) else { continue }
            joint.copy(output, at: position, into: whole)
        }
        return PoolingResult(tensors: [.init(.output, whole)])
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
    var tableSize: Int { programs.reduce(0) { $0.addingSaturating($1?.tableSize ?? 0) } }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        var unrounded = workspace
        unrounded.leavesSums = true
        // 16-bit types are summed in float32, as in one window, so that they are rounded once.
        let sums = try Tensor(
            allocating: elementType.size < 4 ? .float32 : .float64, shape: inputShape, zeroed: true)
        var additions: [PoolingResult] = []
        for (position, program) in programs.enumerated() {
            guard let program, let incoming = try gradient(position, operands) else {
                additions.append(PoolingResult(tensors: []))
                continue
            }
            let result = try PoolingError.locating("ops/\(position)") { () throws(PoolingError) in
                try program.run(Operands(main: incoming, input: operands.input), unrounded)
            }
            if let gradient = result.tensor(.gradInput) { add(gradient, to: sums) }
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

    private func add(_ gradient: Tensor, to sums: Tensor) {
        switch (sums.elementType, gradient.elementType) {
        case (.float64, .float64): add(gradient, of: Double.self, to: sums, of: Double.self)
        case (.float64, _): add(gradient, of: Float.self, to: sums, of: Double.self)
        default: add(gradient, of: Float.self, to: sums, of: Float.self)
        }
    }

    private func add<Part: BinaryFloatingPoint, Sum: BinaryFloatingPoint>(
        _ gradient: Tensor, of type: Part.Type, to sums: Tensor, of sumType: Sum.Type
    ) {
        sums.withMutableElements(as: Sum.self) { sums in
            gradient.withElements(as: Part.self) { for place in sums.indices { sums[place] += Sum($0[place]) } }
        }
    }
}
