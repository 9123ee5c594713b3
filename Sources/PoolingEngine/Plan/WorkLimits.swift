/// Bounds on what one request may cause, whatever its size.
enum WorkLimits {
    /// Elements read and written: about a minute of one core.
    ///
    /// Beyond it no client would wait for the answer.
    static let elements = 1 << 36
    /// Cells of one window that is padded with real cells; others are bounded by the input.
    static let paddedWindow = 1 << 24

    /// Refuses an answer of more than `limit` bytes.
    ///
    /// Extents of 0 count as 1, because tables are made for the others all the same.
    static func checkResult(
        _ shape: [Int], bytesPerElement: Int, limit: Int
    ) throws(PoolingRefusal) {
        let count = shape.map { max($0, 1) }.checkedProduct ?? .max
        try checkWork(count)
        let bytes = count.multipliedSaturating(by: bytesPerElement)
        guard bytes <= limit else {
            throw PoolingRefusal(
                .resultTooLarge, at: "", "the answer would take \(bytes) bytes (shape \(shape)); the limit is \(limit)")
        }
    }

    static func checkWork(_ elements: Int) throws(PoolingRefusal) {
        guard elements <= Self.elements else {
            throw PoolingRefusal(
                .workTooLarge, at: "",
                "this would read or write \(elements == .max ? "over 2^63" : "\(elements)") elements; "
                    + "the most that is done for one request is \(Self.elements)")
        }
    }
}
