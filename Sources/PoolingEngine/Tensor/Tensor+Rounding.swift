extension Tensor {
    /// The same floating-point numbers as elements of `type`, each rounded as the sums of a gradient are: overflows are
    /// infinities.
    func rounded(to type: ElementType) throws(PoolingError) -> Tensor {
        if type == elementType { return self }
        return try type.dispatchReal(Rounding(sums: self, elementType: type)) ?? self
    }

    private struct Rounding: RealTypeVisitor {
        let sums: Tensor
        let elementType: ElementType

        func visit<Stored: StoredElement>(
            _ type: Stored.Type
        ) throws(PoolingError) -> Tensor where Stored.Computed: RealElement {
            let result = try Tensor(allocating: elementType, shape: sums.shape)
            switch try SumType(of: sums) {
            case .float32: round(Float.self, to: type, in: result)
            case .float64: round(Double.self, to: type, in: result)
            }
            return result
        }

        private func round<Sum: BinaryFloatingPoint, Stored: StoredElement>(
            _ sum: Sum.Type, to type: Stored.Type, in result: Tensor
        ) where Stored.Computed: RealElement {
            sums.withElements(as: Sum.self) { sums in
                result.withMutableElements(as: Stored.self) { result in
                    let count = min(sums.count, result.count)
                    guard let sums = sums.baseAddress, let result = result.baseAddress else { return }
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
