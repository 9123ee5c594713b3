package import PoolingEngine
import RecycledMemory

extension Tensor {
    /// A tensor of `values`, each rounded to the nearest of `type`.
    package init(_ values: [Double], shape: [Int], _ type: ElementType = .float32) {
        self.init(elementType: type, shape: shape)
        precondition(values.count == count, "\(values.count) values do not fill \(shape)")
        storage.withUnsafeMutableBytes { bytes in
            for (index, value) in values.enumerated() { Self.store(value, in: bytes, at: index, type) }
        }
    }

    /// A tensor of whole `values`, none of which is rounded.
    package init(whole values: [Int64], shape: [Int], _ type: ElementType = .int64) {
        self.init(elementType: type, shape: shape)
        precondition(values.count == count, "\(values.count) values do not fill \(shape)")
        storage.withUnsafeMutableBytes { bytes in
            for (index, value) in values.enumerated() { Self.store(value, in: bytes, at: index, type) }
        }
    }

    /// The elements as `Double`, exact but for large int64 ones.
    package var realElements: [Double] {
        storage.withUnsafeBytes { bytes in
            (0..<count).map { index in
                switch elementType {
                case .float64: bytes.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
                case .float32: Double(bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
                case .float16: FloatBits.float16.decode(bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
                case .bfloat16:
                    FloatBits.bfloat16.decode(bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
                default: Double(Self.loadWhole(from: bytes, at: index, elementType))
                }
            }
        }
    }

    /// The elements of an integer or bool tensor.
    package var wholeElements: [Int64] {
        storage.withUnsafeBytes { bytes in
            (0..<count).map { Self.loadWhole(from: bytes, at: $0, elementType) }
        }
    }

    /// The raw bytes, for comparing results that must be the same to the last bit.
    package var rawBytes: [UInt8] { storage.withUnsafeBytes { Array($0) } }

    private static func store(
        _ value: Double, in bytes: UnsafeMutableRawBufferPointer, at index: Int, _ type: ElementType
    ) {
        switch type {
        case .float64: bytes.storeBytes(of: value, toByteOffset: index * 8, as: Double.self)
        case .float32: bytes.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
        case .float16: bytes.storeBytes(of: FloatBits.float16.encode(value), toByteOffset: index * 2, as: UInt16.self)
        case .bfloat16: bytes.storeBytes(of: FloatBits.bfloat16.encode(value), toByteOffset: index * 2, as: UInt16.self)
        default: store(Int64(value), in: bytes, at: index, type)
        }
    }

    private static func store(
        _ value: Int64, in bytes: UnsafeMutableRawBufferPointer, at index: Int, _ type: ElementType
    ) {
        switch type {
        case .int8: bytes.storeBytes(of: Int8(value), toByteOffset: index, as: Int8.self)
        case .uint8, .bool: bytes.storeBytes(of: UInt8(value), toByteOffset: index, as: UInt8.self)
        case .int16: bytes.storeBytes(of: Int16(value), toByteOffset: index * 2, as: Int16.self)
        case .uint16: bytes.storeBytes(of: UInt16(value), toByteOffset: index * 2, as: UInt16.self)
        case .int32: bytes.storeBytes(of: Int32(value), toByteOffset: index * 4, as: Int32.self)
        case .int64: bytes.storeBytes(of: value, toByteOffset: index * 8, as: Int64.self)
        default: store(Double(value), in: bytes, at: index, type)
        }
    }

    private static func loadWhole(
        from bytes: UnsafeRawBufferPointer, at index: Int, _ type: ElementType
    ) -> Int64 {
        switch type {
        case .int8: Int64(bytes.loadUnaligned(fromByteOffset: index, as: Int8.self))
        case .uint8, .bool: Int64(bytes.loadUnaligned(fromByteOffset: index, as: UInt8.self))
        case .int16: Int64(bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
        case .uint16: Int64(bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        case .int32: Int64(bytes.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
        case .int64: bytes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)
        default: preconditionFailure("\(type) holds no whole numbers")
        }
    }
}
