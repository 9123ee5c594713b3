extension Tensor {
    /// The same floating-point numbers as elements of `type`, each rounded as the sums of a gradient are: overflows are
    /// infinities.
    func rounded(to type: ElementType) throws(PoolingError) -> Tensor {
        if type == elementType { return self }
        let result = try Tensor(allocating: type, shape: shape)
        try round(count, into: result, at: 0)
        return result
    }

    /// Rounds the first `count` numbers into the elements of `result` from the one at `first` on, as far as both have
    /// them.
    func round(_ count: Int, into result: Tensor, at first: Int) throws(PoolingError) {
        try result.elementType.dispatchReal(Rounding(sums: self, count: count, result: result, first: first))
    }

    private struct Rounding: RealTypeVisitor {
        let sums: Tensor
        let count: Int
        let result: Tensor
        let first: Int

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingError) where Stored.Computed: RealElement {
            switch try SumType(of: sums) {
            case .float32: round(Float.self, to: type)
            case .float64: round(Double.self, to: type)
            }
        }

        private func round<Sum: BinaryFloatingPoint, Stored: StoredElement>(
            _ sum: Sum.Type, to type: Stored.Type
        ) where Stored.Computed: RealElement {
            sums.withElements(as: Sum.self) { sums in
                result.withMutableElements(as: Stored.self) { result in
                    let count = min(count, sums.count, result.count - first)
                    guard let sums = sums.baseAddress, let result = result.baseAddress.map({ $0 + first }), count > 0
                    else { return }
                    if Sum.self == Stored.Computed.self {
                        let sums = UnsafeRawPointer(sums).assumingMemoryBound(to: Stored.Computed.self)
                        return Stored.round(sums, count: count, to: result)
                    }
                    for index in 0..<count {
                        if let rounded = Stored(rounding: Stored.Computed(sums[index])) { result[index] = rounded }
                    }
                }
            }
        }
    }
}
