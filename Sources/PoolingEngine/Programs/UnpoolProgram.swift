/// Puts values back at the positions that a mask names; every other position is 0.
///
/// Where two values name one position the last in row-major order stays.
struct UnpoolProgram: Program {
    private let elementType: ElementType
    private let placement: UnpoolPlacement

    let kernelName = "unpool.scatter"
    let tableSize = 0
    var cost: Cost { UnpoolCost.of(placement, written: placement.outputShape, elementType) }

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingError) {
        let fields = try UnpoolFields(&reader)
        guard let input = reader.takeKind(.input) else {
            throw reader.rejection(.missingField, at: "input", "'input' is missing: the values to put back")
        }
        elementType = input.elementType
        try reader.finish("unpooling")
        guard elementType != .bool else {
            throw reader.rejection(
                .unsupportedCombination, at: "dtype",
                elementType.rejection(
                    by: "unpooling", of: "the input", taken: ElementType.allCases.filter { $0 != .bool }))
        }
        placement = try UnpoolPlacement(fields, shape: input.shape, elementSize: elementType.size, reader, limits)
    }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult {
        let output = try Tensor(allocating: elementType, shape: placement.outputShape, zeroed: true)
        switch elementType.size {
        case 1: try scatter(UInt8.self, operands.main, output, execution)
        case 2: try scatter(UInt16.self, operands.main, output, execution)
        case 4: try scatter(UInt32.self, operands.main, output, execution)
        default: try scatter(UInt64.self, operands.main, output, execution)
        }
        return PoolingResult(tensors: [.init(.output, output)])
    }

    private func scatter<Bits>(
        _ type: Bits.Type, _ input: Tensor, _ output: Tensor, _ execution: Execution
    ) throws(PoolingError) {
        try input.withElements(as: Bits.self) { values throws(PoolingError) in
            try output.withMutableElements(as: Bits.self) { elements throws(PoolingError) in
                try placement.forEachElement(execution.cancellation) { elements[$1] = values[$0] }
            }
        }
    }
}

/// The gradient of unpooling: each value gets the gradient of the position that it was put at.
struct UnpoolGradientProgram: Program {
    private let elementType: ElementType
    private let inputShape: [Int]
    private let placement: UnpoolPlacement

    let kernelName = "unpool.gather"
    let tableSize = 0
    var cost: Cost { UnpoolCost.of(placement, written: inputShape, elementType) }

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingError) {
        _ = reader.take("op")
        let fields = try UnpoolFields(&reader)
        guard let gradOutput = reader.takeKind(.gradOutput) else {
            throw reader.rejection(
                .missingField, at: "grad_output", "'grad_output' is missing: the gradient with respect to the output")
        }
        elementType = gradOutput.elementType
        guard elementType.isFloatingPoint else {
            throw reader.rejection(.unsupportedCombination, at: "dtype", elementType.gradientRejection)
        }
        let given = try reader.takeIntegers("input_shape", in: 0...FieldNames.largestExtent) ?? fields.indices.shape
        inputShape = reader.takeKind(.input)?.shape ?? given
        try reader.finish("the gradient of unpooling")
        guard inputShape == given else {
            throw reader.rejection(
                .shapeMismatch, at: "input_shape", "the input has shape \(inputShape), not \(given)")
        }
        placement = try UnpoolPlacement(
            fields, shape: inputShape, elementSize: elementType.size, reader, limits)
        try reader.require(placement.outputShape, of: gradOutput, .gradOutput, "the shape of the unpooled output")
    }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult {
        let gradInput = try Tensor(allocating: elementType, shape: inputShape, zeroed: true)
        switch elementType.size {
        case 2: try gather(UInt16.self, operands.main, gradInput, execution)
        case 4: try gather(UInt32.self, operands.main, gradInput, execution)
        default: try gather(UInt64.self, operands.main, gradInput, execution)
        }
        return PoolingResult(tensors: [.init(.gradInput, gradInput)])
    }

    private func gather<Bits>(
        _ type: Bits.Type, _ gradOutput: Tensor, _ gradInput: Tensor, _ execution: Execution
    ) throws(PoolingError) {
        try gradOutput.withElements(as: Bits.self) { gradients throws(PoolingError) in
            try gradInput.withMutableElements(as: Bits.self) { elements throws(PoolingError) in
                try placement.forEachElement(execution.cancellation) { elements[$0] = gradients[$1] }
            }
        }
    }
}

private enum UnpoolCost {
    private static let perValue = 24

    static func of(_ placement: UnpoolPlacement, written: [Int], _ elementType: ElementType) -> Cost {
        let count = written.checkedProduct ?? .max
        return Cost(
            operations: placement.valueCount.multipliedSaturating(by: perValue).addingSaturating(count / 2),
            resultByteCount: count.multipliedSaturating(by: elementType.size))
    }
}
