extension ForwardPlanner.Maker {
    /// The program for a stored type.
    ///
    /// The compiler puts kernels into the object file of the first function that needs them. Each group of types has a
    /// function in a file of its own, so that several objects are optimised at once.
    func program(_ type: ElementType) throws(PoolingRefusal) -> any Program {
        switch type {
        case .float32: try forFloat32()
        case .float64: try forFloat64()
        case .float16, .bfloat16: try forHalves(type)
        case .int8, .uint8, .int16, .uint16, .int32, .int64, .bool: try forIntegers(type)
        }
    }
}
