/// The cells of a sliding kernel that take part in its windows.
struct Footprint: Sendable {
    /// Extents of the kernel along each pooled axis.
    let kernel: [Int]
    /// Cells that take part.
    let count: Int
    /// One entry per cell of the kernel in row-major order, 1 where it takes part.
    let cells: Tensor

    /// - Parameter cells: a tensor of booleans in the shape of the kernel.
    init(_ cells: Tensor) {
        self.cells = cells
        kernel = cells.shape
        count = cells.withElements(as: UInt8.self) { cells in cells.reduce(0) { $0 + Int($1) } }
    }

    /// Whether the cell takes part.
    @inline(__always)
    subscript(cell: Int) -> Bool { cells.withElements(as: UInt8.self) { $0[cell] != 0 } }

    var isWhole: Bool { count == cells.count }

    /// Calls `body` with the position along each axis of each cell that takes part, in row-major order.
    ///
    /// - Throws: only where the planning should stop.
    func forEachCell(_ cancellation: Cancellation?, _ body: (_ position: [Int]) -> Void) throws(PoolingError) {
        var position = kernel.map { _ in 0 }
        for first in stride(from: 0, to: cells.count, by: Cancellation.numbersBetweenLooks) {
            try cancellation?.check()
            forEachCell(in: first..<min(first + Cancellation.numbersBetweenLooks, cells.count), &position, body)
        }
    }

    /// The same where nothing stops.
    private func forEachCell(_ body: (_ position: [Int]) -> Void) {
        var position = kernel.map { _ in 0 }
        forEachCell(in: 0..<cells.count, &position, body)
    }

    /// - Parameter position: that of the first cell, and then of the one behind the last.
    private func forEachCell(in range: Range<Int>, _ position: inout [Int], _ body: (_ position: [Int]) -> Void) {
        for cell in range {
            if self[cell] { body(position) }
            for axis in kernel.indices.reversed() {
                position[axis] += 1
                if position[axis] < kernel[axis] { break }
                position[axis] = 0
            }
        }
    }

    /// Cells that take part among the first so many along each axis.
    func count(within extents: [Int]) -> Int {
        guard extents != kernel else { return count }
        var count = 0
        forEachCell { position in
            if zip(position, extents).allSatisfy({ $0 < $1 }) { count += 1 }
        }
        return count
    }

    /// The positions along one axis at which some cell takes part.
    func projected(to axis: Int) throws(PoolingError) -> Footprint {
        guard kernel.count > 1 else { return self }
        let positions = try Tensor(allocating: .bool, shape: [kernel[axis]], zeroed: true)
        positions.withMutableElements(as: UInt8.self) { positions in
            forEachCell { positions[$0[axis]] = 1 }
        }
        return Footprint(positions)
    }

    /// The cells that take part in either.
    func union(_ other: Footprint) throws(PoolingError) -> Footprint {
        let both = try Tensor(allocating: .bool, shape: kernel)
        both.withMutableElements(as: UInt8.self) { both in
            for cell in both.indices { both[cell] = self[cell] || other[cell] ? 1 : 0 }
        }
        return Footprint(both)
    }
}
