/// A chain of layers; at most two layers' tensors are kept, and those that are returned.
struct LayersProgram: Program {
    struct Step: Sendable {
        let program: any Program
        let output: TensorKind
        let returnsOutput: Bool
    }

    let steps: [Step]
    let cost: Cost

    var kernelName: String { steps.first?.program.kernelName ?? "none" }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        var current = operands.main
        var layers: [PoolingResult] = []
        for (position, step) in steps.enumerated() {
            let result = try PoolingError.locating("layers/\(position)") { () throws(PoolingError) in
                try step.program.run(Operands(main: current), workspace)
            }
            guard let output = result.tensor(.output) else { continue }
            var layer = step.returnsOutput ? result : result.dropping(.output)
            layer.outputShape = output.shape
            layers.append(layer)
            current = output
        }
        var result = PoolingResult(tensors: [.init(.output, current)])
        result.parts = .init(.layers, layers)
        return result
    }
}

/// The gradient of a chain of layers: every layer's input is computed again and kept.
struct LayersGradientProgram: Program {
    /// Of all layers but the last, in order.
    let forward: [any Program]
    /// The last layer's first.
    let backward: [any Program]
    let cost: Cost

    var kernelName: String { backward.first?.kernelName ?? "none" }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        guard let input = operands.input else { return PoolingResult(tensors: []) }
        var inputs = [input]
        for (position, program) in forward.enumerated() {
            let result = try PoolingError.locating("layers/\(position)") { () throws(PoolingError) in
                try program.run(Operands(main: inputs[position]), workspace)
            }
            if let output = result.tensor(.output) { inputs.append(output) }
        }
        var gradient = operands.main
        var additions: [PoolingResult] = []
        for program in backward {
            let position = inputs.count - 1
            let result = try PoolingError.locating("layers/\(position)") { () throws(PoolingError) in
                try program.run(Operands(main: gradient, input: inputs[position]), workspace)
            }
            if let incoming = result.tensor(.gradInput) { gradient = incoming }
            additions.insert(result.dropping(.gradInput), at: 0)
            inputs.removeLast()
        }
        var result = PoolingResult(tensors: [.init(.gradInput, gradient)])
        if additions.contains(where: { !$0.isEmpty }) { result.parts = .init(.layers, additions) }
        return result
    }
}
