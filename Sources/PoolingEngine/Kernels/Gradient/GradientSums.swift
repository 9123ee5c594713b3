/// How gradients become part of sums in a type of their own.
///
/// A value, so that kernels are compiled for each type of cells and not for each type of sums too.
struct GradientSums<Cell: PoolingElement>: Sendable {
    /// Adds `count` cells to sums that are `stride` apart.
    let add: @Sendable (_ cells: UnsafePointer<Cell>, _ count: Int, _ sums: MutableElements, _ stride: Int) -> Void

    init<Sum: RealElement>(_ type: Sum.Type) where Cell: RealElement {
        add = { cells, count, sums, stride in
            let sums = sums.bound(to: Sum.self)
            if stride == 1 {
                for i in 0..<count { sums[i] += Sum(cells[i].double) }
            } else {
                for i in 0..<count { sums[i &* stride] += Sum(cells[i].double) }
            }
        }
    }
}
