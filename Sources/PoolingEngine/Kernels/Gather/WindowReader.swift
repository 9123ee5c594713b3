/// The window of one output position after the other, its taps laid out flat in row-major order.
///
/// Axes that did not move keep what was computed for them.
final class WindowReader {
    /// Among offsets: a padded cell that holds the number of one axis.
    @inline(__always)
    static func paddingCell(_ axis: Int) -> Int { ~axis }

    /// The axis whose number a padded cell holds; nil for the offset of an element.
    @inline(__always)
    static func paddedAxis(_ offset: Int) -> Int? { offset < 0 ? ~offset : nil }

    var tapCount = 0
    var declaredCount = 0
    var wholeCount = 0
    /// Of each tap, from the first element of the plane; undefined where taps are even.
    let offsets: UnsafeMutablePointer<Int>
    /// Of each tap, its number within the kernel.
    let kernelOffsets: UnsafeMutablePointer<Int>
    /// Elements from tap to tap, where the only window of each plane is evenly spaced.
    let evenStep: Int?
    /// Taps of which each is the element behind the one before: so many, again and again.
    private(set) var runLength = 1
    /// Whether a tap may be a padded cell.
    let hasPaddedCells: Bool

    let geometry: WindowGeometry
    /// The taps and strides of each axis: lists of its own, because threads would wait for each other to count references
    /// to shared ones.
    private let taps: [AxisTaps]
    let inputStrides: [Int]
    let kernelStrides: [Int]
    private let isSelective: Bool
    /// The rows of each window, where these are all that windows are made of.
    private let groups: RowGroups.Lists?
    /// The pooled axes of more than one element, the slowest in memory first.
    private let slowestFirst: [Int]
    /// Where the taps of all axes but the last are laid out, where some cells take no part.
    let prefixes: Prefixes
    /// The entry of the mask for the first element of the plane.
    var maskBase = 0
    /// How many cells of the footprint are within declared extents, as they were counted last.
    private var counted: (extents: [Int], count: Int) = ([], 0)
    /// The output position along each axis.
    private var position: [Int]
    var axes: [AxisWindow]
    /// Looked at while a large window is laid out.
    private var pace: Pace

    /// The taps of one axis at its current position.
    struct AxisWindow {
        var output = 0
        var run: AxisTaps.Run?
        var count = 0
        var declared = 0
        var whole = 0

        func reads(sameAs other: AxisWindow) -> Bool {
            guard let run, run == other.run else { return false }
            return declared == other.declared && whole == other.whole
        }
    }

    /// The taps of all axes but the last, combined.
    struct Prefixes {
        let offsets: UnsafeMutablePointer<Int>
        let kernelOffsets: UnsafeMutablePointer<Int>
        let maskEntries: UnsafeMutablePointer<Int>
    }

    /// - Parameter room: for ``WindowGeometry/readerRoom`` integers.
    init(_ geometry: WindowGeometry, room: UnsafeMutablePointer<Int>, _ cancellation: Cancellation?) {
        self.geometry = geometry
        pace = Pace(cancellation)
        (taps, inputStrides) = (geometry.axes.map { $0 }, geometry.inputStrides.map { $0 })
        isSelective = geometry.isSelective
        let listed = geometry.listedTaps
        offsets = room
        kernelOffsets = room + listed
        let prefix = room + 2 * listed
        let count = geometry.prefixTaps
        prefixes = Prefixes(offsets: prefix, kernelOffsets: prefix + count, maskEntries: prefix + 2 * count)
        slowestFirst = geometry.axes.indices.filter { geometry.axes[$0].input > 1 }
            .sorted { geometry.inputStrides[$0] > geometry.inputStrides[$1] }
        position = geometry.axes.map { _ in -1 }
        kernelStrides = geometry.axes.map(\.kernel).rowMajorStrides
        axes = geometry.axes.map { _ in AxisWindow() }
        evenStep = geometry.evenStep
        hasPaddedCells = geometry.axes.contains(where: \.hasPaddedCells)
        groups = geometry.axes.count == 1 && !geometry.isSelective ? geometry.axes[0].groups?.lists : nil
    }

    /// From the first element of the plane to the one that `tap` reads; ``paddingCell(_:)`` for none.
    @inline(__always)
    func offset(ofTap tap: Int) -> Int { evenStep.map { tap &* $0 } ?? offsets[tap] }

    /// The number of `tap` within the kernel.
    @inline(__always)
    func kernelOffset(ofTap tap: Int) -> Int { evenStep == nil ? kernelOffsets[tap] : tap }

    /// Moves to an output position and lays out its taps, unless it is stopped.
    ///
    /// - Parameter maskBase: the entry of the mask for the first element of the plane; 0 without a mask.
    /// - Returns: whether it was not stopped.
    func move(to next: [Int], mask maskBase: Int) -> Bool {
        if let groups {
            let (group, stride) = (next[0], inputStrides[0])
            tapCount = groups.count(ofGroup: group)
            (declaredCount, wholeCount) = (tapCount, tapCount)
            runLength = stride == 1 && groups.firstRow(ofGroup: group) != nil ? max(tapCount, 1) : 1
            return list(group, of: groups, stride: stride)
        }
        var moved = maskBase != self.maskBase
        self.maskBase = maskBase
        for axis in taps.indices where position[axis] != next[axis] {
            let window = taps[axis].window(at: next[axis])
            // Where there are more bins than elements, neighbouring windows are the same.
            moved = moved || !window.reads(sameAs: axes[axis])
            axes[axis] = window
            position[axis] = next[axis]
        }
        guard moved else { return true }
        return isSelective ? layOutSelected() : layOut()
    }

    /// Lists the rows of a group, as elements that are `stride` apart, and their numbers, unless it is stopped.
    private func list(_ group: Int, of groups: RowGroups.Lists, stride: Int) -> Bool {
        forEachPart(of: tapCount) { part in
            groups.forEachRow(ofGroup: group, part) { index, row, number in
                offsets[index] = row &* stride
                kernelOffsets[index] = number
            }
        }
    }

    /// Calls `body` with one part after the other of `count` taps, none of them large, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    @inline(__always)
    private func forEachPart(of count: Int, _ body: (Range<Int>) -> Void) -> Bool {
        var start = 0
        while start < count {
            let end = min(start &+ Self.largestPart, count)
            body(start..<end)
            guard pace.goesOn(after: end &- start) else { return false }
            start = end
        }
        return true
    }

    private static var largestPart: Int { 1 << 16 }

    /// Calls `body` with each tap of an axis, the source position that it reads and its number within the kernel, unless it
    /// is stopped.
    ///
    /// - Returns: whether it was not stopped.
    @inline(__always)
    func forEachTap(
        _ axis: Int, _ window: AxisWindow, _ body: (_ tap: Int, _ source: Int, _ number: Int) -> Void
    ) -> Bool {
        forEachPart(of: window.count) { part in
            if let run = window.run {
                for tap in part { body(tap, run.firstSource &+ tap &* run.step, run.firstTap &+ tap) }
            } else {
                taps[axis].forEachTap(at: window.output, part, body)
            }
        }
    }

    private func layOut() -> Bool {
        // Axis by axis from the slowest: each entry so far becomes one for every tap of the next axis. Filled from the
        // back, so that an entry is read before it is overwritten.
        declaredCount = 1
        wholeCount = 1
        tapCount = axes.contains { $0.count == 0 } ? 0 : 1
        guard tapCount > 0 else { return true }
        runLength = runOfLastAxis
        if evenStep == nil { (offsets[0], kernelOffsets[0]) = (0, 0) }
        for (axis, window) in axes.enumerated() {
            if evenStep == nil {
                for entry in (0..<tapCount).reversed() {
                    guard spread(entry, axis, window) else { return false }
                }
            }
            tapCount &*= window.count
            declaredCount = declaredCount.multipliedSaturating(by: window.declared)
            wholeCount = wholeCount.multipliedSaturating(by: window.whole)
        }
        return true
    }

    private var runOfLastAxis: Int {
        if evenStep == 1 { return axes.reduce(1) { $0 &* $1.count } }
        guard let last = axes.last, let run = last.run, run.step == 1, inputStrides.last == 1 else { return 1 }
        return run.count
    }

    /// The offset of an entry and one more axis; of axes that both pad, the later one has its way, as where an array is
    /// padded axis by axis.
    @inline(__always)
    func offset(_ offset: Int, _ axis: Int, _ source: Int, _ stride: Int) -> Int {
        if source == AxisTaps.paddingCell { return Self.paddingCell(axis) }
        return offset < 0 ? offset : offset &+ source &* stride
    }

    /// One entry becomes one for every tap of an axis, unless it is stopped.
    @inline(__always)
    private func spread(_ entry: Int, _ axis: Int, _ window: AxisWindow) -> Bool {
        let (offset, kernelOffset) = (offsets[entry], kernelOffsets[entry])
        let (stride, kernelStride) = (inputStrides[axis], kernelStrides[axis])
        let first = entry &* window.count
        return forEachTap(axis, window) { tap, source, number in
            offsets[first &+ tap] = self.offset(offset, axis, source, stride)
            kernelOffsets[first &+ tap] = kernelOffset &+ number &* kernelStride
        }
    }

    /// Cells of the footprint within the declared padding, counted again only where a window is cut in another place.
    func declaredCount(of footprint: Footprint) -> Int {
        let extents = axes.map(\.declared)
        if counted.extents != extents { counted = (extents, footprint.count(within: extents)) }
        return counted.count
    }

    /// The index of the element that `tap` reads, from its plane's; nil for a padded cell of none.
    func number(ofTap tap: Int) -> Int? {
        var rest = offset(ofTap: tap)
        guard rest >= 0 else { return nil }
        var number = 0
        for axis in slowestFirst {
            number &+= rest / inputStrides[axis] &* geometry.indexStrides[axis]
            rest %= inputStrides[axis]
        }
        return number
    }

    /// From the first element of the plane to the one that the kernel's cell `kernelOffset` reads; nil for none.
    func offset(ofKernelCell kernelOffset: Int) -> Int? {
        (0..<tapCount).first { self.kernelOffset(ofTap: $0) == kernelOffset && offset(ofTap: $0) >= 0 }
            .map(offset(ofTap:))
    }
}

extension AxisTaps {
    fileprivate func window(at output: Int) -> WindowReader.AxisWindow {
        let run = run(at: output)
        let isStrided = if case .strided = pattern { true } else { false }
        let declared = isStrided ? declaredCount(at: output) : run?.count ?? declaredCount(at: output)
        return WindowReader.AxisWindow(
            output: output, run: run, count: run?.count ?? declared, declared: declared,
            whole: isStrided ? kernel : declared)
    }
}

extension WindowGeometry {
    /// Elements from tap to tap, where each plane has one window that covers it and is evenly spaced; nil otherwise.
    var evenStep: Int? {
        guard binStrides.isEmpty, !isSelective, let step = inputStrides.last else { return nil }
        var expected = step
        for (taps, stride) in zip(axes, inputStrides).reversed() {
            guard case .bins(0, taps.input, 1) = taps.pattern, stride == expected else { return nil }
            expected = stride.multipliedSaturating(by: taps.input)
        }
        return step
    }

    /// Taps of the largest window whose offsets are listed.
    fileprivate var listedTaps: Int { evenStep == nil ? max(largestWindow, 1) : 1 }

    /// Taps of the largest window along all axes but the last, where some cells take no part.
    fileprivate var prefixTaps: Int {
        isSelective ? axes.dropLast().reduce(1) { $0.multipliedSaturating(by: max($1.largestCount, 1)) } : 0
    }

    /// Integers that a ``WindowReader`` works in; saturates.
    var readerRoom: Int {
        listedTaps.multipliedSaturating(by: 2).addingSaturating(prefixTaps.multipliedSaturating(by: 3))
    }
}
