/// Puts values back at the positions that indices name; every other position is 0.
///
/// Where two values name one position the last in row-major order stays.
struct UnpoolProgram: Program {
    private let elementType: ElementType
    private let placement: UnpoolPlacement

    let kernelName = "unpool.scatter"
    var cost: Cost { UnpoolCost.of(placement, written: placement.outputShape, elementType) }

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingError) {
        let fields = try UnpoolFields(&reader)
        let input = try reader.requireKind(.input, "the values to put back")
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

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        let output = try Tensor(allocating: elementType, shape: placement.outputShape, zeroed: true)
        try placement.move(operands.main, to: output, workspace.cancellation) { ($0, $1) }
        return PoolingResult(tensors: [.init(.output, output)])
    }
}

/// The gradient of unpooling: each value gets the gradient of the position that it was put at.
struct UnpoolGradientProgram: Program {
    private let elementType: ElementType
    private let inputShape: [Int]
    private let placement: UnpoolPlacement

    let kernelName = "unpool.gather"
    var cost: Cost { UnpoolCost.of(placement, written: inputShape, elementType) }

    init(_ reader: inout FieldReader, _ limits: PoolingPlan.Limits) throws(PoolingError) {
        _ = reader.take("op")
        let fields = try UnpoolFields(&reader)
        let gradOutput = try reader.requireKind(.gradOutput, "the gradient with respect to the output")
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

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        let gradInput = try Tensor(allocating: elementType, shape: inputShape, zeroed: true)
        try placement.move(operands.main, to: gradInput, workspace.cancellation) { ($1, $0) }
        return PoolingResult(tensors: [.init(.gradInput, gradInput)])
    }
}

extension UnpoolPlacement {
    /// Copies one element of `source` to `target` for each value.
    ///
    /// - Parameter path: the offsets in both, from the flat position of a value and its element of the output.
    fileprivate func move(
        _ source: Tensor, to target: Tensor, _ cancellation: Cancellation?,
        _ path: (_ value: Int, _ element: Int) -> (source: Int, target: Int)
    ) throws(PoolingError) {
        switch source.elementType.size {
        case 1: try move(UInt8.self, source, to: target, cancellation, path)
        case 2: try move(UInt16.self, source, to: target, cancellation, path)
        case 4: try move(UInt32.self, source, to: target, cancellation, path)
        default: try move(UInt64.self, source, to: target, cancellation, path)
        }
    }

    @inline(__always)
    private func move<Bits>(
        _ bits: Bits.Type, _ source: Tensor, to target: Tensor, _ cancellation: Cancellation?,
        _ path: (_ value: Int, _ element: Int) -> (source: Int, target: Int)
    ) throws(PoolingError) {
        try source.withElements(as: Bits.self) { source throws(PoolingError) in
            try target.withMutableElements(as: Bits.self) { target throws(PoolingError) in
                try forEachElement(cancellation) { value, element in
                    let path = path(value, element)
                    target[path.target] = source[path.source]
                }
            }
        }
    }
}

private enum UnpoolCost {
    private static let perValue = 24
    /// Each axis beyond the usual ones is looked at for every value.
    private static let perFurtherAxis = 18
    private static let usualAxes = 4

    static func of(_ placement: UnpoolPlacement, written: [Int], _ elementType: ElementType) -> Cost {
        let count = written.checkedProduct ?? .max
        let weight = perValue + perFurtherAxis * max(written.count - usualAxes, 0)
        return Cost(
            operations: placement.valueCount.multipliedSaturating(by: weight).addingSaturating(count / 2),
            resultByteCount: count.multipliedSaturating(by: elementType.size))
    }
}
