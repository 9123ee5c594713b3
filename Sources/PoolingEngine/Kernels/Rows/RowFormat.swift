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

/// Elements of a tensor, of a type that only a ``RowFormat`` knows.
struct Elements {
    private let address: UnsafeRawPointer
    private let size: Int

    init<Stored>(_ elements: UnsafePointer<Stored>) {
        (address, size) = (UnsafeRawPointer(elements), MemoryLayout<Stored>.stride)
    }

    private init(address: UnsafeRawPointer, size: Int) { (self.address, self.size) = (address, size) }

    @inline(__always)
    static func + (elements: Elements, count: Int) -> Elements {
        Elements(address: elements.address + count &* elements.size, size: elements.size)
    }

    /// How many elements lie between two places.
    @inline(__always)
    static func - (end: Elements, start: Elements) -> Int { (end.address - start.address) / start.size }

    @inline(__always)
    func bound<Value>(to type: Value.Type) -> UnsafePointer<Value> { address.assumingMemoryBound(to: Value.self) }
}

/// Elements of a tensor that is written.
struct MutableElements {
    private let address: UnsafeMutableRawPointer
    private let size: Int

    init<Stored>(_ elements: UnsafeMutablePointer<Stored>) {
        (address, size) = (UnsafeMutableRawPointer(elements), MemoryLayout<Stored>.stride)
    }

    private init(address: UnsafeMutableRawPointer, size: Int) { (self.address, self.size) = (address, size) }

    @inline(__always)
    static func + (elements: MutableElements, count: Int) -> MutableElements {
        MutableElements(address: elements.address + count &* elements.size, size: elements.size)
    }

    @inline(__always)
    func bound<Value>(to type: Value.Type) -> UnsafeMutablePointer<Value> {
        address.assumingMemoryBound(to: Value.self)
    }
}

/// How one element becomes a cell, and back.
protocol RowConversion: Sendable {
    associatedtype Stored: RowElement
    associatedtype Row: RowValue

    static func row(_ stored: Stored) -> Row
    static func stored(_ row: Row) -> Stored
}

/// Cells alone.
enum OwnRows<Stored: RowElement>: RowConversion {
    typealias Row = Stored.Row

    @inline(__always) static func row(_ stored: Stored) -> Row { stored.row }
    @inline(__always) static func stored(_ row: Row) -> Stored { Stored(folded: row) }
}

/// Cells that are folded with their places.
enum IndexedRows<Stored: RowElement>: RowConversion {
    typealias Row = Stored.IndexedRow

    @inline(__always) static func row(_ stored: Stored) -> Row { stored.indexedRow }
    @inline(__always) static func stored(_ row: Row) -> Stored { Stored(chosen: row) }
}
