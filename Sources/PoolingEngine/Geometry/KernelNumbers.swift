/// The numbers of a kernel's cells with all spatial axes reversed (`index_order` `column_major` over the base `window`).
///
/// Kernels of computation number cells in row-major order; indices are renumbered when they come in or go out.
struct KernelNumbers: Sendable {
    /// Extents along the pooled axes, in window order.
    private let kernel: [Int]
    private let reversedKernel: [Int]
    private let cellCount: Int

    /// - Parameter kernel: extents whose product is an integer.
    init(_ kernel: [Int]) {
        // An axis of one cell counts nothing.
        let kernel = kernel.filter { $0 != 1 }
        (self.kernel, reversedKernel, cellCount) = (kernel, kernel.reversed(), kernel.reduce(1, *))
    }

    /// The number of the cell that is `cell` in row-major order; what is no cell stays as it is.
    func number(ofCell cell: Int64) -> Int64 { mirrored(cell, kernel) }

    /// The cell, in row-major order, that has this number; what is no number of a cell stays as it is.
    func cell(ofNumber number: Int64) -> Int64 { mirrored(number, reversedKernel) }

    /// The digits of a number in row-major order over `extents`, in the opposite order.
    private func mirrored(_ number: Int64, _ extents: [Int]) -> Int64 {
        guard (0..<Int64(cellCount)).contains(number) else { return number }
        var (rest, result, step) = (Int(number), 0, cellCount)
        for extent in extents.reversed() {
            step /= extent
            result += rest % extent * step
            rest /= extent
        }
        return Int64(result)
    }

    /// Renumbers indices in row-major order that are not shared yet.
    ///
    /// - Throws: only where it should stop.
    func number(_ indices: Tensor, _ cancellation: Cancellation?) throws(PoolingError) {
        try indices.withMutableElements(as: Int64.self) { (indices) throws(PoolingError) in
            for entry in indices.indices {
                try cancellation?.checkpoint(at: entry)
                indices[entry] = number(ofCell: indices[entry])
            }
        }
    }
}

extension DataFault {
    /// The same fault with the index as the request has it.
    func renumbered(by numbers: KernelNumbers) -> DataFault {
        guard case .wrongIndex(let cell, let base, let count) = kind else { return self }
        return DataFault(kind: .wrongIndex(numbers.number(ofCell: cell), base: base, count: count), output: output)
    }
}
