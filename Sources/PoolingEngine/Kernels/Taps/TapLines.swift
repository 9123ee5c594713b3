/// Rows of one run of planes in double precision, read when they are asked for the first time.
struct TapLines {
    /// Room for as many neighbouring rows, and more, so that slots are found without divisions.
    struct Slots: Sendable {
        fileprivate let depth: Int
        fileprivate let rows: Int

        init(depth: Int, rows: Int) { (self.depth, self.rows) = (depth.powerOfTwo, rows.powerOfTwo) }

        var count: Int { depth * rows }
    }

    private let cells: UnsafeMutablePointer<Double>
    private let length: Int
    private let slots: Slots
    /// The number of the row in each slot.
    private let held: UnsafeMutablePointer<Int>

    init(_ cells: UnsafeMutablePointer<Double>, length: Int, _ slots: Slots, held: UnsafeMutablePointer<Double>) {
        (self.cells, self.length, self.slots) = (cells, length, slots)
        self.held = UnsafeMutableRawPointer(held).assumingMemoryBound(to: Int.self)
    }

    /// Begins with the next planes.
    func clear() { held.update(repeating: -1, count: slots.count) }

    /// The memory of a row, and whether it is there; from now on it is.
    @inline(__always)
    func line(_ depth: Int, _ row: Int, of rowCount: Int) -> (line: UnsafeMutablePointer<Double>, isHeld: Bool) {
        let slot = (depth & (slots.depth &- 1)) &* slots.rows &+ row & (slots.rows &- 1)
        let number = depth &* rowCount &+ row
        let isHeld = held[slot] == number
        held[slot] = number
        return (cells + slot &* length, isHeld)
    }
}

extension Int {
    /// The least power of two that is no smaller.
    fileprivate var powerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
