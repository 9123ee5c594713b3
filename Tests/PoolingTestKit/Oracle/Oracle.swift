package import PoolingEngine

/// The contract written down a second time, as plainly as it can be said.
///
/// Every window is listed, every formula is computed in `Double` (integers exactly), nothing is shared with the engine
/// and nothing is fast. It takes valid requests; what the contract rejects is tested by itself.
package struct Oracle: Sendable {
    let request: OracleRequest
    let geometry: OracleGeometry
    private let structure: OracleStructure?
    private let input: [Double]
    private let wholeInput: [Int64]

    /// - Parameter other: an oracle of the same region over the same shape, whose windows are taken over.
    package init(_ request: PoolingRequest, windowsOf other: Oracle? = nil) throws {
        let reading = OracleRequest(request)
        self.request = reading
        geometry = try other?.geometry ?? OracleSelection(reading).applied(to: OracleGeometry.of(reading))
        structure = OracleStructure(reading)
        let tensor = reading.tensor(.input)
        input = tensor?.realElements ?? Array(repeating: 1, count: reading.inputShape.reduce(1, *))
        wholeInput = tensor.map { $0.elementType.isInteger ? $0.wholeElements : [] } ?? []
    }

    package var outputShape: [Int] { geometry.outputShape }

    /// A result, and how far rounding may lead away from it.
    package struct Values {
        package let shape: [Int]
        package let values: [Double]
        package let scales: [Double]
    }

    // MARK: Forward

    package func output() throws -> Values {
        let reductions = try reductions()
        return Values(shape: outputShape, values: reductions.map(\.value), scales: reductions.map(\.scale))
    }

    package func indices() throws -> [Int64] {
        let numbering = OracleIndices(request, axes: geometry.axes)
        if !wholeInput.isEmpty {
            return try wholeReductions().enumerated().map { output, reduction in
                Int64(reduction.selected.map { numbering.index(of: geometry.windows[output].cells[$0]) } ?? -1)
            }
        }
        return try reductions().enumerated().map { output, reduction in
            Int64(reduction.selected.map { numbering.index(of: geometry.windows[output].cells[$0]) } ?? -1)
        }
    }

    /// The output of integers.
    package func wholeOutput() throws -> [Int64] {
        let range = request.elementType.wholeRange
        return try wholeReductions().map { reduction in
            guard range.contains(reduction.value) else { throw OracleFailure.integerOverflow }
            return Int64(reduction.value)
        }
    }

    private func wholeReductions() throws -> [(value: Int128, selected: Int?)] {
        try geometry.windows.enumerated().map { output, window in
            if window.cells.isEmpty { return (request.number("empty_value").whole ?? 0, nil) }
            let values = window.cells.map { cell in cell.source.map { Int128(wholeInput[$0]) } ?? cell.fill.whole ?? 0 }
            return try reductionInput(output).reduced(values)
        }
    }

    func reductions() throws -> [Reduction] {
        try geometry.windows.indices.map { output in
            geometry.windows[output].cells.isEmpty
                ? .empty(request.number("empty_value").value) : try reductionInput(output).reduced()
        }
    }

    private func reductionInput(_ output: Int) -> ReductionInput {
        let window = geometry.windows[output]
        let values = window.cells.map { cell -> Double in
            let value = value(of: cell)
            return structure?.sum(value, cell.offset, window.channel, request.elementType) ?? value
        }
        return ReductionInput(values: values, request: request, window: window, output: output)
    }

    private func value(of cell: OracleWindow.Cell) -> Double {
        if let source = cell.source { return input[source] }
        if cell.taps.isEmpty { return stored(cell.fill.value) }
        return cell.taps.reduce(0) { $0 + $1.weight * input[$1.source] }
    }

    /// `value` as the request's type has it.
    private func stored(_ value: Double) -> Double {
        Tensor([value], shape: [1], request.elementType).realElements[0]
    }

    // MARK: Backward

    /// The gradient with respect to the input; `indices`, where the request has them, say what was selected.
    package func gradInput(_ gradOutput: [Double]) throws -> Values {
        let count = request.inputShape.reduce(1, *)
        var gradient = Array(repeating: 0.0, count: count)
        var scale = gradient
        func add(_ share: Double, _ size: Double, at cell: OracleWindow.Cell, _ output: Int) {
            for tap in cell.taps where gradOutput[output] != 0 || share.isNaN {
                gradient[tap.source] += gradOutput[output] * share * tap.weight
                scale[tap.source] += gradOutput[output].magnitude * size * tap.weight
            }
        }
        for (output, reduction) in try reductionsForBackward().enumerated() {
            for (position, cell) in geometry.windows[output].cells.enumerated() {
                add(reduction.gradient[position], reduction.gradientScale[position], at: cell, output)
            }
        }
        return Values(shape: request.inputShape, values: gradient, scales: scale)
    }

    /// The reductions, their selected elements taken from `indices` where the request has them.
    private func reductionsForBackward() throws -> [Reduction] {
        guard let indices = request.tensor(.indices)?.wholeElements else { return try reductions() }
        let numbering = OracleIndices(request, axes: geometry.axes)
        return geometry.windows.enumerated().map { output, window in
            let alpha = request.op == "mixed" ? reductionInput(output).parameter("alpha", 0.5) : 1
            let source = numbering.source(Int(indices[output]), in: window)
            // A bag may have an element more than once.
            let chosen = source.flatMap { source in window.cells.firstIndex { $0.source == source } }
            let gradient = window.cells.indices.map { position in
                (position == chosen ? alpha : 0) + (1 - alpha) / Double(window.cells.count)
            }
            return Reduction(0, gradient: gradient, scale: 0)
        }
    }

    /// The gradient with respect to the structuring element.
    package func gradStructure(_ gradOutput: [Double]) throws -> Values {
        let shape = request.tensor(.structure)?.shape ?? []
        var gradient = Array(repeating: 0.0, count: shape.reduce(1, *))
        var scale = gradient
        for (output, reduction) in try reductions().enumerated() {
            guard let structure, let selected = reduction.selected else { continue }
            let window = geometry.windows[output]
            let place = structure.place(window.cells[selected].offset, window.channel)
            gradient[place] += structure.sign * gradOutput[output]
            scale[place] += gradOutput[output].magnitude
        }
        return Values(shape: shape, values: gradient, scales: scale)
    }

    /// The gradient with respect to the weights.
    package func gradWeights(_ gradOutput: [Double]) throws -> Values {
        let shape = request.tensor(.weights)?.shape ?? []
        var gradient = Array(repeating: 0.0, count: shape.reduce(1, *))
        var scale = gradient
        for output in geometry.windows.indices {
            let input = reductionInput(output)
            for (position, derivative) in zip(input.weightPositions, input.weightGradient()) {
                gradient[position] += gradOutput[output] * derivative
                scale[position] += gradOutput[output].magnitude * (derivative.magnitude + 1)
            }
        }
        return Values(shape: shape, values: gradient, scales: scale)
    }
}

extension ElementType {
    /// The whole numbers that the type holds.
    package var wholeRange: ClosedRange<Int128> {
        switch self {
        case .int8: -128...127
        case .uint8: 0...255
        case .int16: -32_768...32_767
        case .uint16: 0...65_535
        case .int32: Int128(Int32.min)...Int128(Int32.max)
        case .int64: Int128(Int64.min)...Int128(Int64.max)
        default: 0...1
        }
    }
}

extension Oracle {
    package var longestWindow: Int { geometry.windows.map(\.cells.count).max() ?? 0 }
    package var windowCount: Int { geometry.windows.count }

    /// Whether every derivative exists: no NaN, and no kink where the result would be a convention.
    package var isSmooth: Bool {
        get throws {
            try reductions().allSatisfy { reduction in
                reduction.value.isFinite && reduction.gradient.allSatisfy(\.isFinite)
            }
        }
    }
}
