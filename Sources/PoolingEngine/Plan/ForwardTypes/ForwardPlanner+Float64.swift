extension ForwardPlanner.Maker {
    @inline(never)
    func forFloat64() throws(PoolingRefusal) -> any Program {
        try visit(Double.self)
    }
}
