extension Tensor {
    /// The element at `index` of an int32 tensor.
    @inline(__always)
    func int32(at index: Int) -> Int { withElements(as: Int32.self) { Int($0[index]) } }

    static func int32(_ values: [Int]) throws(PoolingError) -> Tensor {
        let tensor = try Tensor(allocating: .int32, shape: [values.count])
        tensor.withMutableElements(as: Int32.self) { elements in
            for (index, value) in values.enumerated() { elements[index] = Int32(truncatingIfNeeded: value) }
        }
        return tensor
    }

    /// The element at `index` as a double; whole numbers beyond 2^53 lose digits.
    @inline(__always)
    func double(at index: Int) -> Double {
        switch elementType {
        case .float32: withElements(as: Float.self) { Double($0[index]) }
        case .float64: withElements(as: Double.self) { $0[index] }
        case .float16: withElements(as: StoredFloat16.self) { Double($0[index].computed) }
        case .bfloat16: withElements(as: StoredBFloat16.self) { Double($0[index].computed) }
        case .int8, .uint8, .int16, .uint16, .int32, .int64, .bool: Double(integer(at: index))
        }
    }

    /// The element at `index` of an integer or bool tensor; of others the nearest integer, or 0 where there is none.
    @inline(__always)
    func integer(at index: Int) -> Int {
        switch elementType {
        case .int8: withElements(as: Int8.self) { Int($0[index]) }
        case .uint8, .bool: withElements(as: UInt8.self) { Int($0[index]) }
        case .int16: withElements(as: Int16.self) { Int($0[index]) }
        case .uint16: withElements(as: UInt16.self) { Int($0[index]) }
        case .int32: withElements(as: Int32.self) { Int($0[index]) }
        case .int64: withElements(as: Int64.self) { Int($0[index]) }
        case .float32, .float64, .float16, .bfloat16: Int(exactly: double(at: index).rounded()) ?? 0
        }
    }

    /// Calls `body` with every element, as ``integer(at:)`` has it, unless it is stopped; the type is looked up once.
    @inline(__always)
    func forEachInteger(
        _ cancellation: Cancellation?, _ body: (_ index: Int, _ integer: Int) -> Void
    ) throws(PoolingError) {
        @inline(__always)
        func forEach(_ integer: (_ index: Int) -> Int) throws(PoolingError) {
            for index in 0..<count {
                try cancellation?.checkpoint(at: index)
                body(index, integer(index))
            }
        }
        switch elementType {
        case .int64:
            try withElements(as: Int64.self) { (elements) throws(PoolingError) in try forEach { Int(elements[$0]) } }
        case .int32:
            try withElements(as: Int32.self) { (elements) throws(PoolingError) in try forEach { Int(elements[$0]) } }
        default: try forEach(integer(at:))
        }
    }

    /// The same numbers as `float64`, unless it is stopped.
    func asDouble(_ cancellation: Cancellation?) throws(PoolingError) -> Tensor {
        let wide = try Tensor(allocating: .float64, shape: shape)
        try wide.withMutableElements(as: Double.self) { (wide) throws(PoolingError) in
            guard elementType == .float32 else {
                for index in wide.indices {
                    try cancellation?.checkpoint(at: index)
                    wide[index] = double(at: index)
                }
                return
            }
            // A loop for the most common type, which finds nothing out for each element.
            withElements(as: Float.self) { numbers in
                for index in wide.indices { wide[index] = Double(numbers[index]) }
            }
        }
        return wide
    }

    /// All elements, for the small tensors that are parameters of the size of a kernel.
    package var doubles: [Double] { (0..<count).map { double(at: $0) } }
}
