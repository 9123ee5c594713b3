/// The lines of a block that are folded into one row of windows.
struct RowLines: Sendable {
    /// Cells from the start of the block to the first line.
    var first: Int
    var count: Int
    /// Cells from line to line.
    var pitch: Int
    /// How often that repeats: once for each depth of a window.
    var slots: Int
    /// Where the row's divisors are among all of them.
    var divisors = 0

    /// Lines under one another of so many depths, `slotPitch` cells apart.
    init(first: Int, count: Int, pitch: Int, slots: Int, slotPitch: Int) {
        (self.first, self.count, self.pitch, self.slots) = (first, count, pitch, slots)
        if count == 1 { (self.count, self.pitch, self.slots) = (slots, slotPitch, 1) }
    }
}

extension Rows {
    /// Folds lines into rows of windows, one after the other, `count` cells each and without gaps between them.
    ///
    /// - Parameters:
    ///   - slotPitch: cells from depth to depth.
    ///   - divisors: what folded cells are divided by, from where each row of windows says; nil for nothing.
    static func fold(
        _ source: Line, _ windows: UnsafeBufferPointer<RowLines>, slotPitch: Int, into target: Line, count: Int,
        divisors: UnsafePointer<Row>?
    ) {
        if !Cells.Fold.isSelection, let divisors {
            fold(source, windows, slotPitch, into: target, count) { folded, window, position in
                Cells.divided(folded, by: Row.load(divisors + (window.divisors &+ position)))
            }
        } else {
            fold(source, windows, slotPitch, into: target, count) { folded, _, _ in folded }
        }
    }

    @inline(__always)
    private static func fold(
        _ source: Line, _ windows: UnsafeBufferPointer<RowLines>, _ slotPitch: Int, into target: Line, _ count: Int,
        finish: (Cells.Cells, RowLines, Int) -> Cells.Cells
    ) {
        typealias Load = (Line, Int) -> Cells.Cells
        let whole = wholeVectors(count)
        var results = target
        for window in windows {
            let first = Cells.advanced(source, by: window.first)
            let second = Cells.advanced(first, by: window.pitch)
            @inline(__always)
            func write(_ folded: (Load, Int) -> Cells.Cells) {
                forEachVector(whole) { Cells.store(finish(folded(Cells.load, $0), window, $0), results, $0) }
                if whole < count {
                    Cells.storeHalf(finish(folded(Cells.loadHalf, whole), window, whole), results, whole)
                }
            }
            switch (window.slots, window.count) {
            case (1, 1): write { load, i in load(first, i) }
            case (1, 2): write { load, i in Cells.fold(load(first, i), load(second, i)) }
            case (1, 3):
                let third = Cells.advanced(second, by: window.pitch)
                write { load, i in Cells.fold(Cells.fold(load(first, i), load(second, i)), load(third, i)) }
            case (2, 2):
                let third = Cells.advanced(first, by: slotPitch)
                let fourth = Cells.advanced(second, by: slotPitch)
                write { load, i in
                    let folded = Cells.fold(load(first, i), load(second, i))
                    return Cells.fold(Cells.fold(folded, load(third, i)), load(fourth, i))
                }
            default: write { load, i in foldAll(first, window, slotPitch, load, i) }
            }
            results = Cells.advanced(results, by: count)
        }
    }

    /// Folds any number of lines.
    @inline(__always)
    private static func foldAll(
        _ first: Line, _ window: RowLines, _ slotPitch: Int, _ load: (Line, Int) -> Cells.Cells, _ position: Int
    ) -> Cells.Cells {
        var folded = load(first, position)
        for slot in 0..<window.slots {
            let start = position &+ slot &* slotPitch
            for line in (slot == 0 ? 1 : 0)..<window.count {
                folded = Cells.fold(folded, load(first, start &+ line &* window.pitch))
            }
        }
        return folded
    }
}
