/// The integer type of returned indices (`index_dtype`).
package enum IndexType: String, CaseIterable, Sendable {
    case int64, int32
    /// Offsets in small kernels.
    case uint8

    var elementType: ElementType {
        switch self {
        case .int64: .int64
        case .int32: .int32
        case .uint8: .uint8
        }
    }

    var largestNumber: Int {
        switch self {
        case .int64: .max
        case .int32: Int(Int32.max)
        case .uint8: Int(UInt8.max)
        }
    }

    /// Whether it has −1, the index where a window has no element to name.
    var hasNone: Bool { self != .uint8 }

    /// `indices`, which are int64 and fit this type, in this type.
    func narrowed(_ indices: Tensor) throws(PoolingError) -> Tensor {
        switch self {
        case .int64: indices
        case .int32: try narrowed(indices, Int32.self)
        case .uint8: try narrowed(indices, UInt8.self)
        }
    }

    private func narrowed<Narrow: FixedWidthInteger>(
        _ indices: Tensor, _ type: Narrow.Type
    ) throws(PoolingError) -> Tensor {
        let narrow = try Tensor(allocating: elementType, shape: indices.shape)
        narrow.withMutableElements(as: Narrow.self) { target in
            indices.withElements(as: Int64.self) { source in
                for entry in target.indices { target[entry] = Narrow(truncatingIfNeeded: source[entry]) }
            }
        }
        return narrow
    }
}
