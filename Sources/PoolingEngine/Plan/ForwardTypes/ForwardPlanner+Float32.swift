extension ForwardPlanner.Maker {
    @inline(never)
    func forFloat32() throws(PoolingRefusal) -> any Program {
        try visit(Float.self)
    }
}
