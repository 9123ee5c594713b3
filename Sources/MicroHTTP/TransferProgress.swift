/// Turns the bytes of a transfer into time.
///
/// At the minimum rate a transfer earns exactly the time that it takes, so its deadline stays ahead of it; a slower one
/// is overtaken by its deadline.
struct TransferProgress {
    private var byteCount = 0
    private var earned: UInt64 = 0

    /// - Returns: the whole milliseconds that these bytes add to what the bytes before them have earned.
    mutating func add(_ bytes: Int, atLeast bytesPerMillisecond: Double) -> UInt64 {
        byteCount += bytes
        let total = UInt64(Double(byteCount) / bytesPerMillisecond)
        defer { earned = total }
        return total - earned
    }
}
