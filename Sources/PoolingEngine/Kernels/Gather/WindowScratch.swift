import RecycledMemory

/// Memory that one slice of a plan computes in, taken once and reused from window to window.
final class WindowScratch<Element: PoolingElement> {
    let laneCapacity: Int
    let tapCapacity: Int
    let values: UnsafeMutablePointer<Element>
    let gradients: UnsafeMutablePointer<Element>
    /// Where a ``WindowReader`` works.
    let readerRoom: UnsafeMutablePointer<Int>
    /// One row each: results, incoming gradients, selected taps.
    let results: UnsafeMutablePointer<Element>
    let incoming: UnsafeMutablePointer<Element>
    let selected: UnsafeMutablePointer<Int>
    /// A row of sums.
    let sums: UnsafeMutablePointer<Double>
    /// Room for sorting the cells of one lane, or of all lanes where windows are small; only for ops that sort.
    let sorted: UnsafeMutablePointer<Element>
    /// Rows that there is room for in ``sorted``, and cells from row to row.
    static var sortedRows: Int { 32 }
    let sortedPitch: Int
    /// The value of a lane in which no cell takes part.
    var emptyValue = Element.zero
    let cancellation: Cancellation?
    private(set) var fault: DataFault?
    private let block: ScratchMemory

    /// What has to fit.
    struct Needs: Sendable {
        let laneCapacity: Int
        let tapCapacity: Int
        /// Integers that a ``WindowReader`` works in.
        var readerRoom: Int
        var gradients = false
        var sorts = false

        /// Bytes of all parts together; saturates.
        var byteCount: Int { layout.last ?? 0 }

        /// Where each part starts, and the end of the last.
        fileprivate var layout: [Int] {
            let (element, vector) = (MemoryLayout<Element>.stride, Element.Vector.scalarCount)
            let cells = laneCapacity.multipliedSaturating(by: tapCapacity)
            let pitch = laneCapacity.rounded(to: vector)
            let sortedRows = max(pitch * min(tapCapacity, WindowScratch.sortedRows), tapCapacity)
            // Whole vectors of the last row end behind it.
            let counts = [
                (cells.addingSaturating(vector), element), (gradients ? cells.addingSaturating(vector) : 1, element),
                (readerRoom, 8), (laneCapacity + vector, element), (laneCapacity, element), (laneCapacity, 8),
                (laneCapacity + vector, 8), (sorts ? sortedRows : 1, element),
            ]
            return counts.reduce(into: [0]) { starts, part in
                let size = part.0.multipliedSaturating(by: part.1).addingSaturating(63) / 64
                starts.append((starts.last ?? 0).addingSaturating(size.multipliedSaturating(by: 64)))
            }
        }
    }

    /// Nil where the system gives no memory.
    init?(_ needs: Needs, _ cancellation: Cancellation?) {
        let layout = needs.layout
        guard let block = ScratchMemory(byteCount: needs.byteCount) else { return nil }
        func part<T>(_ number: Int, _ type: T.Type) -> UnsafeMutablePointer<T> {
            (block.start + layout[number]).assumingMemoryBound(to: type)
        }
        self.block = block
        self.cancellation = cancellation
        (laneCapacity, tapCapacity) = (needs.laneCapacity, needs.tapCapacity)
        values = part(0, Element.self)
        gradients = part(1, Element.self)
        readerRoom = part(2, Int.self)
        results = part(3, Element.self)
        incoming = part(4, Element.self)
        selected = part(5, Int.self)
        sums = part(6, Double.self)
        sorted = part(7, Element.self)
        let vector = Element.Vector.scalarCount
        sortedPitch = needs.laneCapacity.rounded(to: vector)
        // Vectors read behind the lanes that are in use; with one lane, that is behind the last cell.
        let cells = (layout[1] - layout[0]) / MemoryLayout<Element>.stride
        let unread = needs.laneCapacity > 1 ? 0 : max(cells - 2 * vector - 16, 0)
        (values + unread).initialize(repeating: .zero, count: cells - unread)
        results.initialize(repeating: .zero, count: (layout[4] - layout[3]) / MemoryLayout<Element>.stride)
        let sortedCells = (layout[8] - layout[7]) / MemoryLayout<Element>.stride
        sorted.initialize(repeating: .zero, count: min(sortedCells, sortedPitch * Self.sortedRows))
    }

    static var tapsBetweenLooks: Int { 1 << 16 }

    /// Whether the computation should stop.
    var isStopped: Bool { cancellation?.isCancelled == true }

    /// Keeps the first fault by output position, so that the report does not depend on the order of work.
    func report(_ kind: DataFault.Kind, output: Int) {
        guard let known = fault, known.output <= output else {
            fault = DataFault(kind: kind, output: output)
            return
        }
    }
}
