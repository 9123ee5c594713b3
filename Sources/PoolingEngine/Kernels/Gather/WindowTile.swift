/// The cells of up to `laneCount` windows that share one list of taps, tap by tap in row-major order of the window.
///
/// Lane `l` of row `t` is the cell that window `l` reads with its tap `t`. A single window is a tile of one lane. Cells
/// are copied, or read where the tensor has them.
struct WindowTile<Element> {
    /// Where rows begin; they may be undefined where an op said that it needs no values.
    var values: UnsafePointer<Element>
    /// From ``values`` to each row; nil where rows are evenly spaced.
    var offsets: UnsafePointer<Int>?
    /// From row to row, where they are evenly spaced.
    var rowPitch: Int
    /// Whether ``values`` are the tensor's own, with nothing to read behind them.
    var isInPlace = false
    /// Lays out the taps.
    let reader: WindowReader
    let laneCapacity: Int
    /// The first of the window's taps, and how many there are.
    var firstTap: Int
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

    /// Whether the only window's cells follow each other, so that it can be folded in parts.
    @inline(__always) var isSplit: Bool { laneCapacity == 1 }

    /// The number of a tap within the kernel.
    @inline(__always)
    func kernelOffset(_ tap: Int) -> Int { reader.kernelOffset(ofTap: firstTap &+ tap) }

    @inline(__always)
    func row(_ tap: Int) -> UnsafePointer<Element> { values + (offsets.map { $0[tap] } ?? tap &* rowPitch) }

    @inline(__always)
    subscript(tap: Int, lane: Int) -> Element { row(tap)[lane] }

    /// Calls `body` with each tap in order; within a very large window it looks from time to time whether the computation
    /// should stop.
    @inline(__always)
    func forEachTap(_ scratch: WindowScratch<Element>, from start: Int = 0, _ body: (_ tap: Int) -> Void)
    where Element: PoolingElement {
        var first = start
        while first < tapCount {
            let end = min(first &+ WindowScratch<Element>.tapsBetweenLooks, tapCount)
            for tap in first..<end { body(tap) }
            first = end
            if first < tapCount, scratch.isStopped { return }
        }
    }

    /// Calls `body` with the first lane of each vector of `width` lanes.
    ///
    /// Cells that are read in place have nothing behind them: the last vector then has some lanes of the one before.
    @inline(__always)
    func forEachVector(width: Int, _ body: (_ lane: Int) -> Void) {
        var lane = 0
        while lane < laneCount {
            body(isInPlace && !isSplit ? min(lane, laneCount &- width) : lane)
            lane &+= width
        }
    }

    @inline(__always)
    func output(ofLane lane: Int) -> Int { firstOutput &+ lane &* outputStep }

    @inline(__always)
    func channel(ofLane lane: Int) -> Int { firstChannel &+ lane &* channelStep }
}
