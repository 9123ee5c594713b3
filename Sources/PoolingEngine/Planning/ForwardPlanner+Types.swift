extension ForwardPlanner.Maker {
    /// The program for a stored type.
    ///
    /// The compiler puts kernels into the object file of the first function that needs them. This one is in a file of its
    /// own, apart from what needs the kernels of samples, so that two large objects are optimised at once.
    @inline(never)
    func program(_ type: ElementType) throws(PoolingError) -> any Program { try type.dispatch(self) }
}
