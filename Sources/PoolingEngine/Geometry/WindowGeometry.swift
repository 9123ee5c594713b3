/// Which input elements each output element reads: windows that are products of taps along axes, over planes that differ
/// by nothing but an offset.
///
/// All windows of a layer, or a part of them: a level of a pyramid, one box, one sequence. Its size depends on the rank
/// alone, and on the lists that the request itself carries.
struct WindowGeometry: Sendable {
    /// The loop over planes, the innermost last; planes are numbered in this order.
    var levels: [PlaneLevel]
    /// One per pooled axis, the slowest first: row-major order of the window.
    var axes: [AxisTaps]
    /// Where the first plane begins, in elements.
    var inputBase = 0
    var outputBase = 0
    var indexBase = 0
    var channelBase = 0
    /// What parts of a layer have in common.
    private var shared: Shared

    init(
        levels: [PlaneLevel], axes: [AxisTaps], inputBase: Int = 0, outputBase: Int = 0, inputStrides: [Int],
        indexStrides: [Int], outputStrides: [Int], binStrides: [Int] = [], binIndexStrides: [Int] = [],
        inputShape: [Int], outputShape: [Int], indexing: IndexScheme
    ) {
        (self.levels, self.axes, self.inputBase, self.outputBase) = (levels, axes, inputBase, outputBase)
        shared = Shared(
            Frame(
                inputStrides: inputStrides, indexStrides: indexStrides, outputStrides: outputStrides,
                binStrides: binStrides, binIndexStrides: binIndexStrides, inputShape: inputShape,
                outputShape: outputShape, indexing: indexing))
    }

    var planeCount: Int { levels.reduce(1) { $0.multipliedSaturating(by: $1.count) } }
    var inputCount: Int { inputShape.reduce(1, *) }
    var outputCount: Int { outputShape.reduce(1, *) }

    /// Windows in one plane.
    var windowsPerPlane: Int { axes.reduce(1) { $0.multipliedSaturating(by: $1.output) } }
    /// Whether windows are numbered as outputs are, along all axes.
    var coversOutputs: Bool { axes.allSatisfy(\.coversOutputs) }
    var windowCount: Int { planeCount.multipliedSaturating(by: windowsPerPlane) }
    /// Neighbouring planes that are gathered together, at least.
    static let planesTogether = 16
    /// How often a window is laid out, for the planes that are gathered together; saturates.
    var visitCount: Int {
        let together = min(max(lane.count, 1), Self.planesTogether)
        return windowCount / together
    }
    /// Taps of all windows together, or an upper bound; saturates.
    var totalTaps: Int {
        let taps = axes.reduce(1) { $0.multipliedSaturating(by: $1.totalCount) }
        return planeCount.multipliedSaturating(by: taps)
    }
    /// The most taps that one window has, or an upper bound; saturates.
    var largestWindow: Int { axes.reduce(1) { $0.multipliedSaturating(by: $1.largestCount) } }
    /// How often one element is read by all windows together, at most; saturates.
    var largestShareCount: Int { axes.reduce(1) { $0.multipliedSaturating(by: $1.largestShareCount) } }
}

extension WindowGeometry {
    /// A run of planes within the innermost level: where its first plane begins in each array.
    struct PlaneRun {
        var input: Int
        var output: Int
        var index: Int
        var channel: Int
        var mask: Int
        var count: Int
        /// The number of its first plane.
        var first: Int
    }

    /// Calls `body` for the planes of `range`, cut where the innermost level ends and after `longest` planes, until it
    /// returns false.
    @inline(__always)
    func forEachRun(in range: Range<Int>, longest: Int, while body: (PlaneRun) -> Bool) {
        let lane = lane
        var plane = range.lowerBound
        while plane < range.upperBound {
            let whole = run(at: plane, count: min(lane.count &- plane % lane.count, range.upperBound &- plane))
            var done = 0
            while done < whole.count {
                let count = min(longest, whole.count &- done)
                let goesOn = body(
                    PlaneRun(
                        input: whole.input &+ done &* lane.input, output: whole.output &+ done &* lane.output,
                        index: whole.index &+ done &* lane.index, channel: whole.channel &+ done &* lane.channel,
                        mask: whole.mask &+ done &* lane.mask, count: count, first: plane &+ done))
                guard goesOn else { return }
                done &+= count
            }
            plane += whole.count
        }
    }

    func run(at plane: Int, count: Int) -> PlaneRun {
        var run = PlaneRun(
            input: inputBase, output: outputBase, index: indexBase, channel: channelBase, mask: mask?.base ?? 0,
            count: count, first: plane)
        var rest = plane
        for level in levels.reversed() {
            let position = rest % level.count
            rest /= level.count
            run.input += position * level.input
            run.output += position * level.output
            run.index += position * level.index
            run.channel += position * level.channel
            run.mask += position * level.mask
        }
        return run
    }

    /// The strides of the innermost level.
    var lane: PlaneLevel { levels.last ?? PlaneLevel(count: 1, input: 0, output: 0, index: 0, channel: 0) }

    /// Folds neighbouring levels into one where every array is evenly spaced, so that lanes run as far as they can.
    mutating func mergeLevels() {
        var merged: [PlaneLevel] = []
        for level in levels where level.count != 1 {
            if let outer = merged.last, outer.continues(into: level) {
                merged[merged.count - 1] = level
                merged[merged.count - 1].count = outer.count * level.count
            } else {
                merged.append(level)
            }
        }
        levels = merged
    }

    /// The same with neighbouring levels folded into one.
    var merged: WindowGeometry {
        var merged = self
        merged.mergeLevels()
        return merged
    }
}

extension WindowGeometry {
    /// What seldom differs between geometries of one layer.
    struct Frame: Sendable {
        /// From source position to source position along each axis, in elements of the input and in numbers of indices.
        var inputStrides: [Int]
        var indexStrides: [Int]
        /// From output position to output position along each axis.
        var outputStrides: [Int]
        /// How far an output position moves the plane that is read (position-sensitive bins); empty for not at all.
        var binStrides: [Int]
        /// The same in numbers of indices.
        var binIndexStrides: [Int]
        /// Where the planes of the innermost level begin, where they are windows of a row; nil where they are evenly spaced.
        var laneStarts: LaneStarts?
        /// The cells of the kernel that take part; nil for all.
        var footprint: Footprint?
        /// The elements that take part; nil for all.
        var mask: WindowMask?
        /// The value of a window without cells.
        var emptyValue = FieldNumber(0)
        /// What padded cells of no element hold, for each pooled axis; empty where there are none.
        var paddingValues: [FieldNumber] = []
        /// Of the whole tensors.
        let inputShape: [Int]
        let outputShape: [Int]
        /// How numbers of indices are read back.
        let indexing: IndexScheme
    }

    /// A frame in one place, because copies of its many lists would take longer than pooling a small part.
    private final class Shared: Sendable {
        let frame: Frame

        init(_ frame: Frame) { self.frame = frame }
    }

    var inputStrides: [Int] {
        get { shared.frame.inputStrides }
        set { change { $0.inputStrides = newValue } }
    }
    var indexStrides: [Int] {
        get { shared.frame.indexStrides }
        set { change { $0.indexStrides = newValue } }
    }
    var outputStrides: [Int] {
        get { shared.frame.outputStrides }
        set { change { $0.outputStrides = newValue } }
    }
    var binStrides: [Int] {
        get { shared.frame.binStrides }
        set { change { $0.binStrides = newValue } }
    }
    var binIndexStrides: [Int] {
        get { shared.frame.binIndexStrides }
        set { change { $0.binIndexStrides = newValue } }
    }
    var laneStarts: LaneStarts? {
        get { shared.frame.laneStarts }
        set { change { $0.laneStarts = newValue } }
    }
    var footprint: Footprint? {
        get { shared.frame.footprint }
        set { change { $0.footprint = newValue } }
    }
    var mask: WindowMask? {
        get { shared.frame.mask }
        set { change { $0.mask = newValue } }
    }
    var emptyValue: FieldNumber {
        get { shared.frame.emptyValue }
        set { change { $0.emptyValue = newValue } }
    }
    var paddingValues: [FieldNumber] {
        get { shared.frame.paddingValues }
        set { change { $0.paddingValues = newValue } }
    }
    var inputShape: [Int] { shared.frame.inputShape }
    var outputShape: [Int] { shared.frame.outputShape }
    var indexing: IndexScheme { shared.frame.indexing }

    /// The same windows with results that begin at 0 and follow each other, and with numbers of cells that are offsets in
    /// memory; nil where there are several planes and results of one do not follow each other.
    var numberedInMemory: WindowGeometry? {
        let strides = axes.map(\.output).rowMajorStrides
        guard planeCount == 1 || outputStrides == strides else { return nil }
        var numbered = self
        (numbered.outputBase, numbered.indexBase) = (0, inputBase)
        numbered.change { ($0.outputStrides, $0.indexStrides) = (strides, $0.inputStrides) }
        for level in levels.indices { numbered.levels[level].index = levels[level].input }
        return numbered
    }

    private mutating func change(_ body: (inout Frame) -> Void) {
        var frame = shared.frame
        body(&frame)
        shared = Shared(frame)
    }
}
