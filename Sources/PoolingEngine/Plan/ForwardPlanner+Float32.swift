extension ForwardPlanner.Maker {
    /// The program for `float32`.
    ///
    /// The compiler puts kernels into the object file of the first function that needs them. In a file of its own, this one
    /// has an object of its own, so that two large objects are optimised at once instead of one after the other.
    @inline(never)
    func forFloat32() throws(PoolingRefusal) -> any Program { try visit(Float.self) }
}
