extension FieldReader {
    /// Throws where the planning should stop; for loops over lists of the request, which may be as long as its body.
    @inline(__always)
    func checkpoint(at index: Int) throws(PoolingError) { try cancellation?.checkpoint(at: index) }

    /// Throws where the planning should stop.
    func checkpoint() throws(PoolingError) { try cancellation?.check() }

    /// The numbers of a tensor in double precision, as a part of the plan, which has to have room for them.
    func doubles(of tensor: Tensor) throws(PoolingError) -> Tensor {
        if tensor.elementType == .float64 { return tensor }
        let byteCount = tensor.count.multipliedSaturating(by: ElementType.float64.size)
        try WorkLimits.checkPlan(byteCount, limit: planByteLimit)
        return try tensor.asDouble(cancellation)
    }

    /// The index of the first element for which `isWrong` is true.
    ///
    /// - Throws: only where the planning should stop.
    @inline(__always)
    func firstIndex(
        in tensor: Tensor, where isWrong: (_ index: Int) -> Bool
    ) throws(PoolingError) -> Int? {
        for index in 0..<tensor.count {
            try checkpoint(at: index)
            if isWrong(index) { return index }
        }
        return nil
    }
}
