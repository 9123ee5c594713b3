extension ForwardPlanner.Maker {
    @inline(never)
    func forIntegers(_ type: ElementType) throws(PoolingRefusal) -> any Program {
        try type.dispatchInteger(self)
    }
}
