/// Puts values back at the positions that a mask names; every other position is 0.
///
/// Where two values name one position the last in row-major order stays.
struct UnpoolProgram: Program {
    private let elementType: ElementType
    private let valueCount: Int
    private let placement: UnpoolPlacement

    let kernelName = "unpool.scatter"
    var cost: Int { valueCount + placement.outputShape.reduce(1, *) }
    var resultByteCount: Int { placement.outputShape.reduce(elementType.size, *) }
    var tableSize: Int { placement.elements.count }

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingRefusal) {
        let fields = try UnpoolFields(&reader)
        guard let input = reader.take(.input) else {
            throw reader.refusal(.missingField, at: "input", "'input' is missing: the values to put back")
        }
        (elementType, valueCount) = (input.elementType, input.count)
        try reader.finish("unpooling")
        guard input.elementType != .bool else {
            throw reader.refusal(.unsupportedCombination, at: "dtype", "unpooling needs numbers, not bool")
        }
        placement = try UnpoolPlacement(
            fields, shape: input.shape, elementSize: input.elementType.size, reader, limits)
    }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        let output = Tensor(elementType: elementType, shape: placement.outputShape, zeroed: true)
        switch elementType.size {
        case 1: scatter(UInt8.self, operands.main, output)
        case 2: scatter(UInt16.self, operands.main, output)
        case 4: scatter(UInt32.self, operands.main, output)
        default: scatter(UInt64.self, operands.main, output)
        }
        return PoolingResult(tensors: [.init(.output, output)])
    }

    private func scatter<Bits>(_ type: Bits.Type, _ input: Tensor, _ output: Tensor) {
        input.withElements(as: Bits.self) { values in
            output.withMutableElements(as: Bits.self) { elements in
                for (place, element) in placement.elements.enumerated() where element >= 0 {
                    elements[element] = values[place]
                }
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
    var cost: Int { placement.elements.count }
    var resultByteCount: Int { inputShape.reduce(elementType.size, *) }
    var tableSize: Int { placement.elements.count }

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingRefusal) {
        _ = reader.take("op")
        let fields = try UnpoolFields(&reader)
        guard let gradOutput = reader.take(.gradOutput) else {
            throw reader.refusal(
                .missingField, at: "grad_output", "'grad_output' is missing: the gradient with respect to the output")
        }
        guard gradOutput.elementType.isFloatingPoint else {
            throw reader.refusal(.unsupportedCombination, at: "dtype", "gradients need a floating-point dtype")
        }
        elementType = gradOutput.elementType
        let given = try reader.takeIntegers("input_shape", in: 0...FieldNames.largestExtent) ?? fields.indices.shape
        inputShape = reader.take(.input)?.shape ?? given
        try reader.finish("the gradient of unpooling")
        guard inputShape == given else {
            throw reader.refusal(
                .shapeMismatch, at: "input_shape", "the input has shape \(inputShape), not \(given)")
        }
        placement = try UnpoolPlacement(
            fields, shape: inputShape, elementSize: gradOutput.elementType.size, reader, limits)
        try reader.require(placement.outputShape, of: gradOutput, .gradOutput, "the shape of the unpooled output")
    }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        let gradInput = Tensor(elementType: elementType, shape: inputShape, zeroed: true)
        switch elementType.size {
        case 2: gather(UInt16.self, operands.main, gradInput)
        case 4: gather(UInt32.self, operands.main, gradInput)
        default: gather(UInt64.self, operands.main, gradInput)
        }
        return PoolingResult(tensors: [.init(.gradInput, gradInput)])
    }

    private func gather<Bits>(_ type: Bits.Type, _ gradOutput: Tensor, _ gradInput: Tensor) {
        gradOutput.withElements(as: Bits.self) { gradients in
            gradInput.withMutableElements(as: Bits.self) { elements in
                for (place, element) in placement.elements.enumerated() where element >= 0 {
                    elements[place] = gradients[element]
                }
            }
        }
    }
}
