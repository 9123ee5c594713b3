/// Work that is the same for every stored type.
protocol StoredTypeVisitor {
    associatedtype Output

    func visit<Stored: StoredElement>(_ type: Stored.Type) throws(PoolingError) -> Output
}

/// Work that only floating-point types can do.
protocol RealTypeVisitor {
    associatedtype Output

    func visit<Stored: StoredElement>(
        _ type: Stored.Type
    ) throws(PoolingError) -> Output where Stored.Computed: RealElement
}

extension ElementType {
    /// `bool` is stored as bytes of 0 and 1.
    func dispatch<Visitor: StoredTypeVisitor>(_ visitor: Visitor) throws(PoolingError) -> Visitor.Output {
        switch self {
        case .float32: try visitor.visit(Float.self)
        case .float64: try visitor.visit(Double.self)
        case .float16: try visitor.visit(StoredFloat16.self)
        case .bfloat16: try visitor.visit(StoredBFloat16.self)
        case .int8: try visitor.visit(Int8.self)
        case .uint8, .bool: try visitor.visit(UInt8.self)
        case .int16: try visitor.visit(Int16.self)
        case .uint16: try visitor.visit(UInt16.self)
        case .int32: try visitor.visit(Int32.self)
        case .int64: try visitor.visit(Int64.self)
        }
    }

    /// - Returns: nil for types that are not floating-point.
    func dispatchReal<Visitor: RealTypeVisitor>(_ visitor: Visitor) throws(PoolingError) -> Visitor.Output? {
        switch self {
        case .float32: try visitor.visit(Float.self)
        case .float64: try visitor.visit(Double.self)
        case .float16: try visitor.visit(StoredFloat16.self)
        case .bfloat16: try visitor.visit(StoredBFloat16.self)
        case .int8, .uint8, .int16, .uint16, .int32, .int64, .bool: nil
        }
    }
}
