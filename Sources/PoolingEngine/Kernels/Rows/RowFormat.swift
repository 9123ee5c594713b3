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
        self.init(Conversion.Stored.self, Conversion.row) { $1.pointee = Conversion.stored($0) }
    }

    /// Cells as ops compute with them.
    init<Stored: StoredElement>(computing type: Stored.Type) where Stored.Computed == Row {
        self.init(type, { $0.computed }) { cell, element in
            // Real types hold every number.
            if let stored = Stored(rounding: cell) { element.pointee = stored }
        }
    }

    @inline(__always)
    private init<Stored: StoredElement>(
        _ type: Stored.Type, _ row: @escaping @Sendable (Stored) -> Row,
        _ put: @escaping @Sendable (Row, UnsafeMutablePointer<Stored>) -> Void
    ) {
        isStored = Stored.self == Row.self
        read = { elements, stride, count, cells in
            let elements = elements.bound(to: Stored.self)
            if stride == 1, Row.self == Stored.Computed.self {
                let cells = UnsafeMutableRawPointer(cells).assumingMemoryBound(to: Stored.Computed.self)
                Stored.compute(elements, count: count, to: cells)
            } else if stride == 1 {
                for i in 0..<count { cells[i] = row(elements[i]) }
            } else {
                for i in 0..<count { cells[i] = row(elements[i &* stride]) }
            }
        }
        write = { cells, count, elements, stride in
            let elements = elements.bound(to: Stored.self)
            if stride == 1, Row.self == Stored.Computed.self {
                let cells = UnsafeRawPointer(cells).assumingMemoryBound(to: Stored.Computed.self)
                Stored.round(cells, count: count, to: elements)
            } else if stride == 1 {
                for i in 0..<count { put(cells[i], elements + i) }
            } else {
                for i in 0..<count { put(cells[i], elements + i &* stride) }
            }
        }
    }
}
