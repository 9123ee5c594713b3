/// The window of one output position after the other, its taps laid out flat in row-major order.
///
/// Axes that did not move keep what was computed for them.
final class WindowReader {
    /// A padding zero among offsets.
    static let zeroCell = Int.min

    private(set) var tapCount = 0
    private(set) var declaredCount = 0
    private(set) var wholeCount = 0
    /// Of each tap, from the first element of the plane; undefined where taps are even.
    private let offsets: UnsafeMutablePointer<Int>
    /// Of each tap, its number within the kernel.
    private let kernelOffsets: UnsafeMutablePointer<Int>
    /// Elements from tap to tap, where the only window of each plane is evenly spaced.
    private let evenStep: Int?

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

        func reads(sameAs other: AxisWindow) -> Bool {
            guard let run, run == other.run else { return false }
            return declared == other.declared && whole == other.whole
        }
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
        evenStep = geometry.evenStep
    }

    /// From the first element of the plane to the one that `tap` reads; ``zeroCell`` for a padding zero.
    @inline(__always)
    func offset(ofTap tap: Int) -> Int { evenStep.map { tap &* $0 } ?? offsets[tap] }

    /// The number of `tap` within the kernel.
    @inline(__always)
    func kernelOffset(ofTap tap: Int) -> Int { evenStep == nil ? kernelOffsets[tap] : tap }

    /// Moves to an output position and lays out its taps.
    func move(to next: [Int]) {
        var moved = false
        for axis in geometry.axes.indices where position[axis] != next[axis] {
            let (taps, output) = (geometry.axes[axis], next[axis])
            let run = taps.run(at: output)
            let declared = taps.declaredCount(at: output)
            let window = AxisWindow(
                output: output, run: run, count: run?.count ?? declared, declared: declared,
                whole: taps.wholeCount(at: output))
            // Where there are more bins than elements, neighbouring windows are the same.
            moved = moved || !window.reads(sameAs: axes[axis])
            axes[axis] = window
            position[axis] = output
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
        declaredCount = 1
        wholeCount = 1
        tapCount = axes.contains { $0.count == 0 } ? 0 : 1
        guard tapCount > 0 else { return }
        if evenStep == nil { (offsets[0], kernelOffsets[0]) = (0, 0) }
        for (axis, window) in axes.enumerated() {
            if evenStep == nil {
                for entry in (0..<tapCount).reversed() { spread(entry, axis, window) }
            }
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
        (0..<tapCount).first { self.kernelOffset(ofTap: $0) == kernelOffset && offset(ofTap: $0) != Self.zeroCell }
            .map(offset(ofTap:))
    }
}

extension WindowGeometry {
    /// Elements from tap to tap, where each plane has one window that covers it and is evenly spaced; nil otherwise.
    fileprivate var evenStep: Int? {
        guard binStrides.isEmpty, let step = inputStrides.last else { return nil }
        var expected = step
        for (taps, stride) in zip(axes, inputStrides).reversed() {
            guard case .bins(0, taps.input, 1) = taps.pattern, stride == expected else { return nil }
            expected = stride.multipliedSaturating(by: taps.input)
        }
        return step
    }

    /// Taps of the largest window whose offsets are listed.
    var listedTaps: Int { evenStep == nil ? max(largestWindow, 1) : 1 }
}
