/// The fields of an unpooling request, `input` or `grad_output` left out.
struct UnpoolFields: Sendable {
    let indices: Tensor
    let base: IndexBase
    let order: IndexOrder
    let kernel: PerAxis<Int>
    let stride: PerAxis<Int>
    let dilation: PerAxis<Int>
    let padding: PerAxis<Padding.Sides>
    let outputSize: [Int]?
    let indexShape: [Int]?
    /// Whether -1 is the index of a value that goes nowhere.
    let skipsEmpty: Bool
    let axisChoice: AxisChoice

    init(_ reader: inout FieldReader) throws(PoolingError) {
        let positive = 1...FieldNames.largestExtent
        guard let kernel = try reader.takePerAxisIntegers("kernel", in: positive) else {
            throw reader.rejection(.missingField, at: "kernel", "'kernel' is missing: the size of a window, such as 2")
        }
        self.kernel = kernel
        stride = try reader.takePerAxisIntegers("stride", in: positive) ?? kernel
        dilation = try reader.takePerAxisIntegers("dilation", in: positive) ?? .all(1)
        guard case .sides(let padding) = try Padding(&reader) else {
            throw reader.rejection(
                .unknownValue, at: "padding", "unpooling needs the padding in numbers, or 'valid'")
        }
        self.padding = padding
        base = try reader.takeCase("index_base", default: IndexBase.plane)
        order = try reader.takeCase("index_order", default: IndexOrder.rowMajor)
        outputSize = try reader.takeIntegers("output_size", in: 0...FieldNames.largestExtent)
        indexShape = try reader.takeIntegers("index_shape", in: 0...FieldNames.largestExtent)
        skipsEmpty = try reader.takeBool("skip_empty", default: false)
        guard let indices = try reader.takeIntegerTensor(.indices) else {
            throw reader.rejection(.missingField, at: "indices", "'indices' is missing: where each value goes")
        }
        self.indices = indices
        axisChoice = try AxisChoice(&reader, acceptsAxes: false)
    }

    var lists: [(name: String, length: Int)] {
        [
            ("kernel", kernel.length), ("stride", stride.length), ("padding", padding.length),
            ("dilation", dilation.length),
        ].compactMap { list in list.1.map { (list.0, $0) } }
    }
}
