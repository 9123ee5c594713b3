extension FieldReader {
    /// A tensor of whole numbers (`lengths`, `segment_ids`, ...), of any element type.
    mutating func takeIntegerTensor(_ name: TensorName) throws(PoolingError) -> Tensor? {
        guard let tensor = take(name) else { return nil }
        guard tensor.elementType.isFloatingPoint else { return tensor }
        guard let wrong = try firstIndex(in: tensor, where: { Int(exactly: tensor.double(at: $0)) == nil }) else {
            return tensor
        }
        throw rejection(
            .wrongType, at: name.rawValue,
            "element \(wrong) of '\(name.rawValue)' is \(tensor.double(at: wrong)); it must be a whole number")
    }

    /// A tensor of booleans (`footprint`, `mask`), whatever type its zeros and ones have.
    mutating func takeBooleans(_ name: TensorName) throws(PoolingError) -> Tensor? {
        guard let tensor = take(name) else { return nil }
        return try booleans(of: tensor, name)
    }

    /// Elements of the tensors that can have the shape of the kernel.
    var kernelCellCount: Int {
        TensorName.parameters.reduce(0) { $0 + ($1.givesKernel ? tensor($1)?.count ?? 0 : 0) }
    }

    /// Converts tensors of booleans once, where several ops take them.
    mutating func shareBooleans() throws(PoolingError) {
        for name in TensorName.parameters where name.defaultElementType == .bool {
            guard let tensor = tensor(name) else { continue }
            replace(name, by: try booleans(of: tensor, name))
        }
    }

    private func booleans(of tensor: Tensor, _ name: TensorName) throws(PoolingError) -> Tensor {
        let wrong =
            tensor.elementType == .bool
            ? tensor.withElements(as: UInt8.self) { $0.firstIndex { $0 > 1 } }
            : try firstIndex(in: tensor) { tensor.double(at: $0) != 0 && tensor.double(at: $0) != 1 }
        if let wrong {
            throw rejection(
                .notRepresentable, at: name.rawValue,
                "entry \(wrong) of '\(name.rawValue)' is \(tensor.double(at: wrong)); it must be true, false, 0 or 1")
        }
        // Zeros and ones of one byte are booleans already.
        if tensor.elementType.size == 1 {
            return Tensor(elementType: .bool, shape: tensor.shape, storage: tensor.storage)
        }
        let booleans = try Tensor(allocating: .bool, shape: tensor.shape)
        booleans.withMutableElements(as: UInt8.self) { booleans in
            for index in booleans.indices { booleans[index] = tensor.double(at: index) == 1 ? 1 : 0 }
        }
        return booleans
    }

    /// A tensor of finite numbers (`rois`, ...).
    mutating func takeFiniteTensor(_ name: TensorName) throws(PoolingError) -> Tensor? {
        guard let tensor = take(name) else { return nil }
        guard let wrong = try firstIndex(in: tensor, where: { !tensor.double(at: $0).isFinite }) else { return tensor }
        throw rejection(
            .outOfRange, at: name.rawValue,
            "element \(wrong) of '\(name.rawValue)' is \(tensor.double(at: wrong)); it must be finite")
    }

    /// Rejects a tensor of another shape.
    func require(
        _ shape: [Int], of tensor: Tensor, _ name: TensorName, _ meaning: String
    ) throws(PoolingError) {
        try require(shape, of: tensor.kind, name, meaning)
    }

    /// Rejects a tensor of another shape.
    func require(
        _ shape: [Int], of tensor: TensorKind, _ name: TensorName, _ meaning: String
    ) throws(PoolingError) {
        guard tensor.shape != shape else { return }
        throw rejection(
            .shapeMismatch, at: name.rawValue,
            "'\(name.rawValue)' has shape \(tensor.shape); it must have \(shape), \(meaning)")
    }
}
