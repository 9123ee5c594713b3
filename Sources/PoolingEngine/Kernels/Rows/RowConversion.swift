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

/// Cells that are folded with their indices.
enum IndexedRows<Stored: RowElement>: RowConversion {
    typealias Row = Stored.IndexedRow

    @inline(__always) static func row(_ stored: Stored) -> Row { stored.indexedRow }
    @inline(__always) static func stored(_ row: Row) -> Stored { Stored(selected: row) }
}
