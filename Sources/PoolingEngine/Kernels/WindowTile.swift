/// The cells of up to `laneCount` windows that share one list of taps, tap by tap in row-major order of the window.
///
/// Lane `l` of row `t` is the cell that window `l` reads with its tap `t`. A single window is a tile of one lane.
struct WindowTile<Element> {
    /// Row after row of `laneCapacity` elements; rows may be undefined where an op said that it needs no values.
    let values: UnsafeMutablePointer<Element>
    /// The offset within the kernel of each tap.
    let kernelOffsets: UnsafeMutablePointer<Int>
    let laneCapacity: Int
    var tapCount: Int
    var laneCount: Int
    /// Cells that a divisor counts when padding is included: all but those beyond the declared padding.
    var declaredCount: Int
    /// Cells of a whole, unclipped kernel.
    var kernelCount: Int
    /// The flat output position of lane 0, and the step from lane to lane.
    var firstOutput: Int
    var outputStep: Int
    /// The channel of lane 0, and the step from lane to lane.
    var firstChannel: Int
    var channelStep: Int

    @inline(__always)
    func row(_ tap: Int) -> UnsafeMutablePointer<Element> { values + tap &* laneCapacity }

    @inline(__always)
    subscript(tap: Int, lane: Int) -> Element { values[tap &* laneCapacity &+ lane] }

    @inline(__always)
    func output(ofLane lane: Int) -> Int { firstOutput &+ lane &* outputStep }

    @inline(__always)
    func channel(ofLane lane: Int) -> Int { firstChannel &+ lane &* channelStep }
}

/// What only the data can decide, found while computing; the answer is withheld then.
struct DataFault: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// An integer result that its type cannot hold.
        case integerOverflow
        /// A negative element or NaN where probabilities are proportional to the elements.
        case notAProbability
        /// A number of a mask that names no element: of indices with this base, of which there are `count`.
        case wrongIndex(Int64, base: IndexBase, count: Int)
    }

    let kind: Kind
    /// The flat output position whose window shows it.
    let output: Int
}

/// Memory that one slice of a plan computes in, allocated once and reused from window to window.
final class WindowScratch<Element: PoolingElement> {
    let laneCapacity: Int
    let tapCapacity: Int
    let values: UnsafeMutablePointer<Element>
    let gradients: UnsafeMutablePointer<Element>
    let kernelOffsets: UnsafeMutablePointer<Int>
    /// One row each: results, incoming gradients, selected taps.
    let results: UnsafeMutablePointer<Element>
    let incoming: UnsafeMutablePointer<Element>
    let selected: UnsafeMutablePointer<Int>
    /// Rows of accumulators, for ops that sum.
    private let accumulators: UnsafeMutablePointer<Double>
    /// Room for sorting the cells of one lane, by number or as they are, or of all lanes where windows are small.
    let order: UnsafeMutablePointer<Int>
    let sorted: UnsafeMutablePointer<Element>
    /// Rows that there is room for in ``sorted``, and cells from row to row.
    static var sortedRows: Int { 32 }
    let sortedPitch: Int
    private(set) var fault: DataFault?

    private static var accumulatorRows: Int { 4 }

    init(laneCapacity: Int, tapCapacity: Int, needsGradients: Bool) {
        self.laneCapacity = laneCapacity
        self.tapCapacity = tapCapacity
        // Whole vectors of the last row end behind it.
        let vector = Element.Vector.scalarCount
        let cellCount = laneCapacity * tapCapacity + vector
        values = .allocate(capacity: cellCount)
        gradients = .allocate(capacity: needsGradients ? laneCapacity * tapCapacity : 1)
        kernelOffsets = .allocate(capacity: tapCapacity)
        results = .allocate(capacity: laneCapacity + vector)
        incoming = .allocate(capacity: laneCapacity)
        selected = .allocate(capacity: laneCapacity)
        accumulators = .allocate(capacity: laneCapacity * Self.accumulatorRows)
        order = .allocate(capacity: tapCapacity)
        sortedPitch = (laneCapacity + vector - 1) / vector * vector
        let sortedCount = max(sortedPitch * min(tapCapacity, Self.sortedRows), tapCapacity)
        sorted = .allocate(capacity: sortedCount)
        values.initialize(repeating: .zero, count: cellCount)
        results.initialize(repeating: .zero, count: laneCapacity + vector)
        sorted.initialize(repeating: .zero, count: sortedCount)
    }

    deinit {
        values.deallocate()
        gradients.deallocate()
        kernelOffsets.deallocate()
        results.deallocate()
        incoming.deallocate()
        selected.deallocate()
        accumulators.deallocate()
        order.deallocate()
        sorted.deallocate()
    }

    /// A row of accumulators, one a lane, set to `start`.
    @inline(__always)
    func accumulator(_ row: Int, startingAt start: Double = 0) -> UnsafeMutablePointer<Double> {
        let pointer = accumulators + row &* laneCapacity
        pointer.update(repeating: start, count: laneCapacity)
        return pointer
    }

    /// Keeps the first fault by output position, so that the report does not depend on the order of work.
    func report(_ kind: DataFault.Kind, output: Int) {
        guard let known = fault, known.output <= output else {
            fault = DataFault(kind: kind, output: output)
            return
        }
    }
}
