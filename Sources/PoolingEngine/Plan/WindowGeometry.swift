/// One level of the loop over planes: how far the same place of the next plane lies, in each array.
struct PlaneLevel: Sendable, Equatable {
    var count: Int
    var input: Int
    var output: Int
    /// In the numbers of a mask: 0 along an axis that the index base leaves out.
    var index: Int
    /// In the numbers of channels: 1 along the channel axis, where an op asks for channels.
    var channel: Int

    /// Whether `inner` can be folded into this level, because every array is evenly spaced across both.
    func continues(into inner: PlaneLevel) -> Bool {
        input == inner.input * inner.count && output == inner.output * inner.count
            && index == inner.index * inner.count && channel == inner.channel * inner.count
    }
}

/// Windows that are products of one table of taps an axis, over planes that differ by nothing but an offset.
struct WindowBlock: Sendable {
    /// One an axis, the slowest first: row-major order of the window.
    var axes: [AxisTaps]
    /// Where the first plane begins, in elements.
    var inputBase = 0
    var outputBase = 0
    var indexBase = 0
    /// From source position to source position along each axis, in elements of the input and in numbers of a mask.
    var inputStrides: [Int]
    var indexStrides: [Int]
    /// From output position to output position along each axis.
    var outputStrides: [Int]
    /// How far an output position moves the plane that is read (position-sensitive bins); empty for not at all.
    var binStrides: [Int] = []
    /// The same in numbers of a mask.
    var binIndexStrides: [Int] = []

    /// Windows in one plane.
    var windowsPerPlane: Int { axes.reduce(1) { $0 * $1.output } }
    /// Taps of all windows in one plane, or an upper bound; saturates.
    var tapsPerPlane: Int { axes.reduce(1) { $0.multipliedSaturating(by: $1.totalCount) } }
    /// The most taps that one window has; saturates.
    var largestWindow: Int { axes.reduce(1) { $0.multipliedSaturating(by: $1.largestCount) } }
}

/// The blocks that all planes of one range share.
struct WindowGroup: Sendable {
    var planes: Range<Int>
    var blocks: Range<Int>
}

/// Which input elements each output element reads, for every region whose taps are whole elements.
///
/// Sliding, global, adaptive and fractional windows, pyramid levels, RoI bins, sequences and segments all are products
/// of taps along axes; an axis that is gathered (a sequence with a mask, segments) merely lists its taps.
struct WindowGeometry: Sendable {
    /// The loop over planes, the innermost last; planes are numbered in this order.
    var levels: [PlaneLevel]
    /// Cover all planes without overlap.
    var groups: [WindowGroup]
    var blocks: [WindowBlock]
    var inputShape: [Int]
    var outputShape: [Int]
    /// Whether a window without taps has the value 0 and the index -1; otherwise no window is empty.
    var allowsEmpty = false
    /// How numbers of a mask are read back.
    var indexing: IndexScheme

    var planeCount: Int { levels.reduce(1) { $0 * $1.count } }
    var inputCount: Int { inputShape.reduce(1, *) }
    var outputCount: Int { outputShape.reduce(1, *) }

    /// Taps of all windows together, or an upper bound; saturates.
    var totalTaps: Int {
        groups.reduce(0) { total, group in
            let taps = blocks[group.blocks].reduce(0) { $0.addingSaturating($1.tapsPerPlane) }
            let all = taps.multipliedSaturating(by: group.planes.count)
            return total.addingSaturating(all)
        }
    }

    /// The most taps that one window has; saturates.
    var largestWindow: Int { blocks.reduce(0) { max($0, $1.largestWindow) } }

    /// Entries of the tables of all axes, about.
    var tableSize: Int { blocks.reduce(0) { $0 + $1.axes.reduce(0) { $0 + $1.tableSize } } }
}

extension WindowGeometry {
    /// A run of planes within the innermost level, as offsets to add to a block's bases.
    struct PlaneRun {
        var input: Int
        var output: Int
        var index: Int
        var channel: Int
        var count: Int
        /// The number of its first plane.
        var first: Int
    }

    /// Calls `body` for the planes of `range`, cut where the innermost level ends and after `longest` planes.
    @inline(__always)
    func forEachRun(in range: Range<Int>, longest: Int, _ body: (PlaneRun) -> Void) {
        let lane = lane
        var plane = range.lowerBound
        while plane < range.upperBound {
            let whole = run(at: plane, count: min(lane.count &- plane % lane.count, range.upperBound &- plane))
            var done = 0
            while done < whole.count {
                let count = min(longest, whole.count &- done)
                body(
                    PlaneRun(
                        input: whole.input &+ done &* lane.input, output: whole.output &+ done &* lane.output,
                        index: whole.index &+ done &* lane.index, channel: whole.channel &+ done &* lane.channel,
                        count: count, first: plane &+ done))
                done &+= count
            }
            plane += whole.count
        }
    }

    func run(at plane: Int, count: Int) -> PlaneRun {
        var run = PlaneRun(input: 0, output: 0, index: 0, channel: 0, count: count, first: plane)
        var rest = plane
        for level in levels.reversed() {
            let position = rest % level.count
            rest /= level.count
            run.input += position * level.input
            run.output += position * level.output
            run.index += position * level.index
            run.channel += position * level.channel
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
}
