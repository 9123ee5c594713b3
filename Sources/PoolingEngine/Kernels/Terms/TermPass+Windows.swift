/// Windows that are folded by themselves.
extension TermPass {
    /// A window, and its plane among those at hand.
    struct Window {
        let depth: Int
        let row: Int
        let column: Int
        let lane: Int
    }

    @inline(__always)
    func window(_ number: Int, of vector: WindowTerms) -> Window {
        let (column, lane) = (vector.position &+ number).quotientAndRemainder(dividingBy: max(kernel.cell, 1))
        return Window(depth: vector.depth, row: vector.row, column: column, lane: lane)
    }

    /// The cells of one window.
    func tile(_ plane: Elements, _ window: Window) -> WindowTile<Element> {
        var count = 0
        forEachRun(of: window) { offset, length in
            kernel.format.read(plane + offset, windows.input.column, length, scratch.values + count)
            count &+= length
        }
        return WindowTile(
            values: UnsafePointer(scratch.values), offsets: nil, rowPitch: 1, reader: reader, laneCapacity: 1,
            firstTap: 0, tapCount: count, laneCount: 1, declaredCount: count, kernelCount: count, firstOutput: 0,
            outputStep: 0, firstChannel: 0, channelStep: 0)
    }

    /// Calls `body` with the first cell of each row of a window and how many there are.
    @inline(__always)
    func forEachRun(of window: Window, _ body: (_ offset: Int, _ length: Int) -> Void) {
        let (step, columns) = (windows.input, windows.columns.windows[window.column])
        for source in windows.depth.windows[window.depth] {
            for line in windows.rows.windows[window.row] {
                let row = source &* step.depth &+ line &* step.row
                body(row &+ columns.lowerBound &* step.column &+ window.lane, columns.count)
            }
        }
    }
}
