extension FieldReader {
    /// A tensor of integers (`lengths`, `segment_ids`, ...).
    mutating func takeIntegerTensor(_ name: TensorName) throws(PoolingRefusal) -> Tensor? {
        guard let tensor = take(name) else { return nil }
        guard !tensor.elementType.isFloatingPoint else {
            throw refusal(
                .wrongType, at: name.rawValue,
                "expected integers for '\(name.rawValue)', got \(tensor.elementType.rawValue)")
        }
        return tensor
    }

    /// A tensor of finite numbers (`rois`, ...).
    mutating func takeFiniteTensor(_ name: TensorName) throws(PoolingRefusal) -> Tensor? {
        guard let tensor = take(name) else { return nil }
        guard let wrong = tensor.firstPlace(where: { !tensor.double(at: $0).isFinite }) else { return tensor }
        throw refusal(
            .outOfRange, at: name.rawValue,
            "element \(wrong) of '\(name.rawValue)' is \(tensor.doubles[wrong]); it must be finite")
    }

    /// Rejects a tensor of another shape.
    func require(
        _ shape: [Int], of tensor: Tensor, _ name: TensorName, _ meaning: String
    ) throws(PoolingRefusal) {
        try require(shape, of: tensor.kind, name, meaning)
    }

    /// Rejects a tensor of another shape.
    func require(
        _ shape: [Int], of tensor: TensorKind, _ name: TensorName, _ meaning: String
    ) throws(PoolingRefusal) {
        guard tensor.shape != shape else { return }
        throw refusal(
            .shapeMismatch, at: name.rawValue,
            "'\(name.rawValue)' has shape \(tensor.shape); it must have \(shape), \(meaning)")
    }
}
