/// The fields that say how a mask is numbered.
struct MaskFields: Sendable {
    let isWanted: Bool
    let base: IndexBase
    let order: IndexOrder

    /// What a request without a mask has.
    static let none = MaskFields(isWanted: false, base: .plane, order: .rowMajor)

    /// What a gradient needs that computes the mask again.
    static let wanted = MaskFields(isWanted: true, base: .plane, order: .rowMajor)

    private init(isWanted: Bool, base: IndexBase, order: IndexOrder) {
        (self.isWanted, self.base, self.order) = (isWanted, base, order)
    }

    init(_ reader: inout FieldReader) throws(PoolingRefusal) {
        self = try reader.inEntry { (reader) throws(PoolingRefusal) in try MaskFields(from: &reader) }
    }

    private init(from reader: inout FieldReader) throws(PoolingRefusal) {
        isWanted = try reader.takeBool("return_indices", default: false)
        base = try reader.takeCase("index_base", default: IndexBase.plane)
        order = try reader.takeCase("index_order", default: IndexOrder.rowMajor)
    }

    /// Refuses bases that the pooled axes do not have.
    func check(_ layer: Layer, _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingRefusal) {
        if base == .window, !layer.capabilities.numbersKernelCells {
            throw reader.refusal(
                .unsupportedCombination, at: "index_base",
                "'window' numbers the cells of a kernel, and \(layer.regionName) regions have none")
        }
        if base == .window, layer.region.kernel(axes)?.checkedProduct == nil {
            throw reader.refusal(
                .unsupportedCombination, at: "index_base", "the kernel has more cells than 64-bit indices can number")
        }
        if base == .sample, axes.isNamed {
            throw reader.refusal(
                .unsupportedCombination, at: "index_base", "'sample' has no meaning where 'axes' names the pooled axes")
        }
        if isWanted, !layer.op.descriptor.hasIndices {
            throw reader.refusal(
                .unsupportedCombination, at: "return_indices", "the expectation names no element")
        }
    }
}

extension Layer {
    /// Whether this op over this region can name elements; by name, whatever its parameters say.
    var canHaveMask: Bool {
        !capabilities.isSampled && type(of: op).descriptor.hasIndices
    }
}
