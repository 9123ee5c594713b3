extension ForwardPlanner.Maker {
    @inline(never)
    func forHalves(_ type: ElementType) throws(PoolingRefusal) -> any Program {
        type == .float16 ? try visit(StoredFloat16.self) : try visit(StoredBFloat16.self)
    }
}
