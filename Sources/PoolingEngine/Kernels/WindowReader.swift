/// The window of one output position after the other, its taps laid out flat in row-major order.
///
/// Axes that did not move keep what was computed for them.
final class WindowReader {
    /// A padding zero in ``offsets``.
    static let zeroCell = Int.min

    private(set) var tapCount = 0
    private(set) var declaredCount = 0
    private(set) var wholeCount = 0
    /// Of each tap, from the first element of the plane.
    let offsets: UnsafeMutablePointer<Int>
    /// Of each tap, its number within the kernel.
    let kernelOffsets: UnsafeMutablePointer<Int>

    private let geometry: WindowGeometry
    private let kernelStrides: [Int]
    /// The output position along each axis.
    private var position: [Int]
    private var axes: [AxisWindow]

    /// The taps of one axis at its current position.
    private struct AxisWindow {
        var output = 0
        var run: AxisTaps.Run?
        var count = 0
        var declared = 0
        var whole = 0
    }

    /// - Parameters:
    ///   - offsets: room for the largest window; so is `kernelOffsets`.
    init(_ geometry: WindowGeometry, offsets: UnsafeMutablePointer<Int>, kernelOffsets: UnsafeMutablePointer<Int>) {
        self.geometry = geometry
        self.offsets = offsets
        self.kernelOffsets = kernelOffsets
        position = geometry.axes.map { _ in -1 }
        kernelStrides = geometry.axes.map(\.kernel).rowMajorStrides
        axes = geometry.axes.map { _ in AxisWindow() }
    }

    /// Moves to an output position and lays out its taps.
    func move(to next: [Int]) {
        var moved = false
        for axis in geometry.axes.indices where position[axis] != next[axis] {
            let (taps, output) = (geometry.axes[axis], next[axis])
            let run = taps.run(at: output)
            let declared = taps.declaredCount(at: output)
            axes[axis] = AxisWindow(
                output: output, run: run, count: run?.count ?? declared, declared: declared,
                whole: taps.wholeCount(at: output))
            position[axis] = output
            moved = true
        }
        if moved { layOut() }
    }

    @inline(__always)
    private func source(_ axis: Int, _ window: AxisWindow, _ tap: Int) -> (source: Int, number: Int) {
        if let run = window.run { return (run.firstSource &+ tap &* run.step, run.firstTap &+ tap) }
        return geometry.axes[axis].source(at: window.output, tap: tap)
    }

    private func layOut() {
        // Axis by axis from the slowest: each entry so far becomes one for every tap of the next axis. Filled from the
        // back, so that an entry is read before it is overwritten.
        offsets[0] = 0
        kernelOffsets[0] = 0
        declaredCount = 1
        wholeCount = 1
        tapCount = axes.contains { $0.count == 0 } ? 0 : 1
        guard tapCount > 0 else { return }
        for (axis, window) in axes.enumerated() {
            for entry in (0..<tapCount).reversed() { spread(entry, axis, window) }
            tapCount &*= window.count
            declaredCount = declaredCount.multipliedSaturating(by: window.declared)
            wholeCount = wholeCount.multipliedSaturating(by: window.whole)
        }
    }

    /// One entry becomes one for every tap of an axis.
    @inline(__always)
    private func spread(_ entry: Int, _ axis: Int, _ window: AxisWindow) {
        let (offset, kernelOffset) = (offsets[entry], kernelOffsets[entry])
        let (stride, kernelStride) = (geometry.inputStrides[axis], kernelStrides[axis])
        for tap in (0..<window.count).reversed() {
            let (source, number) = source(axis, window, tap)
            let place = entry &* window.count &+ tap
            let isZero = offset == Self.zeroCell || source == AxisTaps.zeroCell
            offsets[place] = isZero ? Self.zeroCell : offset &+ source &* stride
            kernelOffsets[place] = kernelOffset &+ number &* kernelStride
        }
    }

    /// The index of the element that `tap` reads, from its plane's; nil for a padding zero.
    func number(ofTap tap: Int) -> Int? {
        var rest = tap
        var number = 0
        for axis in axes.indices.reversed() {
            let source = source(axis, axes[axis], rest % axes[axis].count).source
            rest /= axes[axis].count
            if source == AxisTaps.zeroCell { return nil }
            number += source * geometry.indexStrides[axis]
        }
        return number
    }

    /// From the first element of the plane to the one that the kernel's cell `kernelOffset` reads; nil for none.
    func offset(ofKernelCell kernelOffset: Int) -> Int? {
        (0..<tapCount).first { kernelOffsets[$0] == kernelOffset && offsets[$0] != Self.zeroCell }.map { offsets[$0] }
    }
}
