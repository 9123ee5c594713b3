/// The window of one output position after the other, its taps laid out flat in row-major order.
///
/// Axes that did not move keep what was worked out for them.
final class WindowReader {
    /// Stands in ``offsets`` for a padding zero.
    static let zeroCell = Int.min

    /// The output position along each axis.
    private(set) var position: [Int]
    private(set) var tapCount = 0
    private(set) var declaredCount = 0
    private(set) var wholeCount = 0
    /// Of each tap, from the first element of the plane.
    let offsets: UnsafeMutablePointer<Int>
    /// Of each tap, its number within the kernel.
    let kernelOffsets: UnsafeMutablePointer<Int>

    private let block: WindowBlock
    private let kernelStrides: [Int]
    private var axes: [AxisWindow]

    /// The taps of one axis at its current position.
    private struct AxisWindow {
        var sources: [Int] = []
        var taps: [Int] = []
        var declared = 0
        var whole = 0
    }

    /// - Parameter kernelOffsets: room for the largest window, shared with the tile that ops see.
    init(_ block: WindowBlock, kernelOffsets: UnsafeMutablePointer<Int>, tapCapacity: Int) {
        self.block = block
        self.kernelOffsets = kernelOffsets
        offsets = .allocate(capacity: tapCapacity)
        position = block.axes.map { _ in -1 }
        kernelStrides = block.axes.map(\.kernel).rowMajorStrides
        axes = block.axes.map { _ in AxisWindow() }
    }

    deinit { offsets.deallocate() }

    /// Moves to an output position and lays out its taps.
    func move(to next: [Int]) {
        var moved = false
        for axis in block.axes.indices where position[axis] != next[axis] {
            refill(axis, at: next[axis])
            position[axis] = next[axis]
            moved = true
        }
        if moved || tapCount == 0 { layOut() }
    }

    private func refill(_ axis: Int, at output: Int) {
        let taps = block.axes[axis]
        var window = AxisWindow(declared: taps.declaredCount(at: output), whole: taps.wholeCount(at: output))
        swap(&window.sources, &axes[axis].sources)
        swap(&window.taps, &axes[axis].taps)
        window.sources.removeAll(keepingCapacity: true)
        window.taps.removeAll(keepingCapacity: true)
        taps.forEachTap(at: output) { source, tap in
            window.sources.append(source)
            window.taps.append(tap)
        }
        axes[axis] = window
    }

    private func layOut() {
        // Axis by axis from the slowest: each entry so far becomes one for every tap of the next axis. Filled from the
        // back, so that an entry is read before it is overwritten.
        offsets[0] = 0
        kernelOffsets[0] = 0
        declaredCount = 1
        wholeCount = 1
        tapCount = axes.contains { $0.sources.isEmpty } ? 0 : 1
        guard tapCount > 0 else { return }
        for (axis, window) in axes.enumerated() {
            let inner = window.sources.count
            for entry in (0..<tapCount).reversed() {
                let (offset, kernelOffset) = (offsets[entry], kernelOffsets[entry])
                for tap in (0..<inner).reversed() {
                    let isZero = offset == Self.zeroCell || window.sources[tap] == AxisTaps.zeroCell
                    let place = entry &* inner &+ tap
                    offsets[place] =
                        isZero ? Self.zeroCell : offset &+ window.sources[tap] &* block.inputStrides[axis]
                    kernelOffsets[place] = kernelOffset &+ window.taps[tap] &* kernelStrides[axis]
                }
            }
            tapCount &*= inner
            declaredCount *= window.declared
            wholeCount *= window.whole
        }
    }

    /// The number in a mask of the element that `tap` reads, from its plane's; nil for a padding zero.
    func number(ofTap tap: Int) -> Int? {
        var rest = tap
        var number = 0
        for axis in axes.indices.reversed() {
            let source = axes[axis].sources[rest % axes[axis].sources.count]
            rest /= axes[axis].sources.count
            if source == AxisTaps.zeroCell { return nil }
            number += source * block.indexStrides[axis]
        }
        return number
    }

    /// From the first element of the plane to the one that the kernel's cell `kernelOffset` reads; nil for none.
    func offset(ofKernelCell kernelOffset: Int) -> Int? {
        (0..<tapCount).first { kernelOffsets[$0] == kernelOffset && offsets[$0] != Self.zeroCell }.map { offsets[$0] }
    }
}
