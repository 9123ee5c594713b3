/// How the elements of a tensor become cells of rows, and back.
///
/// A value, so that kernels are compiled for each type of cells and not for each type of elements too.
struct RowFormat<Row: RowValue>: Sendable {
    /// Whether rows are the tensor's own memory.
    let isStored: Bool
    /// Converts `count` elements that are `stride` apart.
    let read: @Sendable (_ elements: Elements, _ stride: Int, _ count: Int, _ cells: UnsafeMutablePointer<Row>) -> Void
    /// Converts `count` cells into elements that are `stride` apart.
    let write: @Sendable (_ cells: UnsafePointer<Row>, _ count: Int, _ elements: MutableElements, _ stride: Int) -> Void

    init<Conversion: RowConversion>(_ conversion: Conversion.Type) where Conversion.Row == Row {
        typealias Stored = Conversion.Stored
        isStored = Stored.self == Row.self
        read = { elements, stride, count, cells in
            let elements = elements.bound(to: Stored.self)
            if stride == 1 {
                for i in 0..<count { cells[i] = Conversion.row(elements[i]) }
            } else {
                for i in 0..<count { cells[i] = Conversion.row(elements[i &* stride]) }
            }
        }
        write = { cells, count, elements, stride in
            let elements = elements.bound(to: Stored.self)
            if stride == 1 {
                for i in 0..<count { elements[i] = Conversion.stored(cells[i]) }
            } else {
                for i in 0..<count { elements[i &* stride] = Conversion.stored(cells[i]) }
            }
        }
    }
}
