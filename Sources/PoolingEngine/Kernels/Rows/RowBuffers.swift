/// Rows that one slice of a row kernel works in, allocated once.
final class RowBuffers<Row: RowValue> {
    private let cells: UnsafeMutablePointer<Row>
    private let places: UnsafeMutablePointer<Int32>
    private let length: Int

    /// - Parameter length: cells in each of `count` rows.
    init(count: Int, length: Int, hasPlaces: Bool) {
        self.length = length
        cells = .allocate(capacity: count * length)
        cells.initialize(repeating: .zero, count: count * length)
        places = .allocate(capacity: hasPlaces ? count * length : 1)
        places.initialize(repeating: 0, count: hasPlaces ? count * length : 1)
    }

    deinit {
        cells.deallocate()
        places.deallocate()
    }

    @inline(__always)
    func row(_ number: Int) -> UnsafeMutablePointer<Row> { cells + number &* length }

    /// The places of a row's cells within their plane.
    @inline(__always)
    func placesOfRow(_ number: Int) -> UnsafeMutablePointer<Int32> { places + number &* length }
}
