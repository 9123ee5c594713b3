extension FieldReader {
    /// Throws where the planning should stop; for loops over lists of the request, which may be as long as its body.
    @inline(__always)
    func checkpoint(at index: Int) throws(PoolingError) { try cancellation?.checkpoint(at: index) }

    /// Throws where the planning should stop.
    func checkpoint() throws(PoolingError) { try cancellation?.check() }

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
