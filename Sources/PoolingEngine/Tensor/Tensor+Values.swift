import RecycledMemory

extension Tensor {
    /// Calls `body` with the elements as `Stored`, which must be the storage type of ``elementType``.
    @inline(__always)
    package func withElements<Stored, R, E: Error>(
        as type: Stored.Type, _ body: (UnsafeBufferPointer<Stored>) throws(E) -> R
    ) throws(E) -> R {
        try storage.withUnsafeBytes { bytes throws(E) in try body(bytes.bindMemory(to: Stored.self)) }
    }

    /// Calls `body` with the elements as `Stored`, for whoever made this tensor and has not shared it yet.
    @inline(__always)
    package func withMutableElements<Stored, R, E: Error>(
        as type: Stored.Type, _ body: (UnsafeMutableBufferPointer<Stored>) throws(E) -> R
    ) throws(E) -> R {
        try storage.withUnsafeMutableBytes { bytes throws(E) in try body(bytes.bindMemory(to: Stored.self)) }
    }
}
