/// The fields that say how indices are numbered, and in which type.
struct IndexFields: Sendable {
    let isWanted: Bool
    let base: IndexBase
    let order: IndexOrder
    let type: IndexType
    /// How cells of the kernel are numbered, where that is not in row-major order.
    private(set) var kernelNumbers: KernelNumbers?

    /// What a request without indices has.
    static let none = IndexFields(isWanted: false)

    /// What a gradient needs that computes the indices again.
    static let wanted = IndexFields(isWanted: true)

    private init(isWanted: Bool) {
        (self.isWanted, base, order, type) = (isWanted, .plane, .rowMajor, .int64)
    }

    init(_ reader: inout FieldReader) throws(PoolingError) {
        self = try reader.inEntry { (reader) throws(PoolingError) in try IndexFields(from: &reader) }
    }

    private init(from reader: inout FieldReader) throws(PoolingError) {
        isWanted = try reader.takeBool("return_indices", default: false)
        order = try reader.takeCase("index_order", default: IndexOrder.rowMajor)
        (base, type) = try Self.numbering(&reader)
    }

    /// The fields that the size of indices depends on.
    init(sizeOf reader: inout FieldReader) throws(PoolingError) {
        (isWanted, order) = (false, .rowMajor)
        (base, type) = try Self.numbering(&reader)
    }

    private static func numbering(_ reader: inout FieldReader) throws(PoolingError) -> (IndexBase, IndexType) {
        (
            try reader.takeCase("index_base", default: IndexBase.plane),
            try reader.takeCase("index_dtype", default: IndexType.int64)
        )
    }

    /// Bytes that one index takes in a result; none where there is none.
    var resultByteCount: Int { isWanted ? type.elementType.size : 0 }

    /// Bytes that indices take while they are computed, without those of the result.
    func scratchByteCount(outputs: Int) -> Int {
        isWanted && type != .int64 ? outputs.multipliedSaturating(by: ElementType.int64.size) : 0
    }

    /// The same for a layer over these axes.
    ///
    /// - Throws: as ``check(_:_:_:)``.
    func fitted(to layer: Layer, _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> IndexFields {
        try check(layer, axes, reader)
        var fitted = self
        if base == .window, order == .columnMajor {
            fitted.kernelNumbers = layer.region.kernel(axes).map(KernelNumbers.init)
        }
        return fitted
    }

    /// Rejects bases that the pooled axes do not have, and types that do not hold their numbers.
    func check(_ layer: Layer, _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) {
        if base == .window, !layer.capabilities.numbersKernelCells {
            throw reader.rejection(
                .unsupportedCombination, at: "index_base",
                "'window' numbers the cells of a kernel, and \(layer.regionName) regions have none")
        }
        if base == .window, layer.region.kernel(axes)?.checkedProduct == nil {
            throw reader.rejection(
                .unsupportedCombination, at: "index_base", "the kernel has more cells than 64-bit indices can number")
        }
        if base == .sample, !layer.capabilities.numbersSamples {
            throw reader.rejection(
                .unsupportedCombination, at: "index_base",
                "\(layer.regionName) regions have no samples; 'index_base' must be plane or tensor")
        }
        if base == .sample, axes.isNamed {
            throw reader.rejection(
                .unsupportedCombination, at: "index_base",
                "'index_base' 'sample' is not supported with 'axes'; use plane or tensor")
        }
        if isWanted, !layer.op.descriptor.hasIndices {
            throw reader.rejection(
                .unsupportedCombination, at: "return_indices",
                "'\(layer.opName)' selects no element with these parameters; leave out 'return_indices'")
        }
        try checkType(layer, axes, reader)
    }

    private func checkType(_ layer: Layer, _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) {
        if !type.hasNone, base != .window {
            throw reader.rejection(
                .unsupportedCombination, at: "index_dtype",
                "'\(type.rawValue)' is for 'index_base' 'window'; with '\(base.rawValue)' use int32 or int64")
        }
        if !type.hasNone, layer.canNameNothing {
            throw reader.rejection(
                .unsupportedCombination, at: "index_dtype",
                "'\(type.rawValue)' has no -1, the index of a window that selects no element; use int32 or int64")
        }
        let numbers = count(layer, axes)
        guard numbers - 1 <= type.largestNumber else {
            throw reader.rejection(
                .unsupportedCombination, at: "index_dtype",
                "indices of base '\(base.rawValue)' go up to \(numbers - 1), and '\(type.rawValue)' holds at most "
                    + "\(type.largestNumber)")
        }
    }

    /// How many numbers an index can be.
    private func count(_ layer: Layer, _ axes: PooledAxes) -> Int {
        if base == .window { return layer.region.kernel(axes)?.checkedProduct ?? .max }
        return IndexScheme(base: base, order: order, shape: axes.shape, axes: axes.pooled, batchAxis: axes.batch).count
    }
}

extension Layer {
    /// Whether this op over this region can name elements; by name, whatever its parameters say.
    var canHaveIndices: Bool {
        !capabilities.isSampled && type(of: op).descriptor.hasIndices
    }

    /// Whether some window can select no element of the input, so that its index is −1.
    fileprivate var canNameNothing: Bool { op.canNameNothing || region.canNameNothing || hasMask }
}
