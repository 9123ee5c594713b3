/// Bounds on what one request may cause, whatever its size.
enum WorkLimits {
    /// Cells of one window that is padded with real cells; others are bounded by the input.
    static let paddedWindow = 1 << 18
    /// Elements of a shape, axes of size 0 left out: strides and offsets within it do not overflow.
    static let largestCount = Int.max / 64

    /// Rejects a shape whose elements cannot be counted; axes of size 0 do not hide the others.
    static func checkCount(_ shape: [Int], at pointer: String) throws(PoolingError) {
        let count = shape.map { max($0, 1) }.checkedProduct ?? .max
        guard count <= largestCount, shape.allSatisfy({ $0 <= FieldNames.largestExtent }) else {
            throw PoolingError(
                .workTooLarge, at: pointer,
                "shape \(shape) has too many elements to count; the most per axis is \(FieldNames.largestExtent)")
        }
    }

    /// Rejects a shape with more axes than any tensor can have.
    static func checkRank(_ shape: [Int]?, at pointer: String) throws(PoolingError) {
        guard let shape, shape.count > Tensor.largestRank else { return }
        throw PoolingError(
            .wrongRank, at: pointer, "the shape has \(shape.count) sizes; it may have at most \(Tensor.largestRank)")
    }

    /// Rejects a result of more than `limit` bytes.
    static func checkResult(
        _ shape: [Int], bytesPerElement: Int, limit: Int
    ) throws(PoolingError) {
        let byteCount = (shape.checkedProduct ?? .max).multipliedSaturating(by: bytesPerElement)
        try check(byteCount, .resultTooLarge, limit) { "the result would take \($0) bytes (shape \(shape))" }
        try checkCount(shape, at: "")
    }

    /// Rejects results that take more than `limit` bytes together.
    static func checkTotal(_ byteCount: Int, limit: Int) throws(PoolingError) {
        try check(byteCount, .resultTooLarge, limit) { "the results would take \($0) bytes together" }
    }

    static func checkWork(_ operations: Int, limit: Int) throws(PoolingError) {
        try check(operations, .workTooLarge, limit) { "this request would take \($0) weighted operations" }
    }

    /// Rejects plans that keep more than `limit` bytes together.
    static func checkPlan(_ byteCount: Int, limit: Int) throws(PoolingError) {
        try check(byteCount, .planTooLarge, limit) { "the plan of this request would take \($0) bytes" }
    }

    /// - Parameter count: saturates.
    private static func check(
        _ count: Int, _ reason: PoolingError.Reason, _ limit: Int, _ detail: (_ count: String) -> String
    ) throws(PoolingError) {
        guard count > limit else { return }
        let number = count == .max ? "over 2^63" : "\(count)"
        throw PoolingError(reason, at: "", detail(number) + "; the limit is \(limit)")
    }
}
