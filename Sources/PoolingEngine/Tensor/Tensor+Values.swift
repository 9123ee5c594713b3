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

    /// All elements, for the small tensors that are parameters; whole numbers beyond 2^53 lose digits.
    package var doubles: [Double] {
        switch elementType {
        case .float32: withElements(as: Float.self) { $0.map(Double.init) }
        case .float64: withElements(as: Double.self) { Array($0) }
        case .float16: withElements(as: StoredFloat16.self) { $0.map { Double($0.computed) } }
        case .bfloat16: withElements(as: StoredBFloat16.self) { $0.map { Double($0.computed) } }
        case .int8, .uint8, .int16, .uint16, .int32, .int64, .bool: integers.map(Double.init)
        }
    }

    /// All elements of an integer or bool tensor; floating-point elements are truncated and must be within range.
    package var integers: [Int] {
        switch elementType {
        case .int8: withElements(as: Int8.self) { $0.map(Int.init) }
        case .uint8, .bool: withElements(as: UInt8.self) { $0.map(Int.init) }
        case .int16: withElements(as: Int16.self) { $0.map(Int.init) }
        case .uint16: withElements(as: UInt16.self) { $0.map(Int.init) }
        case .int32: withElements(as: Int32.self) { $0.map(Int.init) }
        case .int64: withElements(as: Int64.self) { $0.map(Int.init) }
        case .float32, .float64, .float16, .bfloat16: doubles.map { Int($0) }
        }
    }
}
