/// The source positions along one axis that each output position reads: all window arithmetic of this engine.
///
/// Positions are computed, never tabulated: an axis takes the same memory whatever its length.
struct AxisTaps: Sendable {
    /// In place of a source position: a padded cell that holds a number of its own.
    static let paddingCell = -1

    enum Pattern: Sendable {
        /// Tap `j` of output `o` reads `o·stride − before + j·dilation`.
        case strided(stride: Int, before: Int, after: Int, dilation: Int, mode: PaddingMode)
        /// Output `o` reads `start + ⌊o·extent/count⌋` up to `start + ⌈(o + 1)·extent/count⌉`, clipped to the axis.
        case bins(start: Int, extent: Int, count: Int)
        /// Output `o` reads a kernel from its pseudo-random start on.
        case starts(FractionalStarts)
        /// Output `o` reads `bounds[o]` up to `bounds[o + 1]`, that one included where windows overlap.
        case bounds([Int], isOverlapping: Bool)
        /// Output `o` reads the rows of group `o`.
        case groups(RowGroups)
    }

    let pattern: Pattern
    /// Source positions along this axis.
    let input: Int
    /// Windows along this axis.
    let output: Int
    /// Numbers that a tap can have: cells of the kernel, or for patterns without one, source positions.
    let kernel: Int

    /// An evenly spaced run of taps.
    struct Run: Equatable {
        /// Source position of the first tap, and its number within the kernel.
        var firstSource: Int
        var firstTap: Int
        var count: Int
        /// Source positions from tap to tap.
        var step: Int
    }

    /// The taps of `output` where they are evenly spaced and all of them sources; nil for other patterns.
    @inline(__always)
    func run(at output: Int) -> Run? {
        switch pattern {
        case .strided(let stride, let before, _, let dilation, .ignore):
            let start = output &* stride &- before
            let skipped = start >= 0 ? 0 : (dilation &- 1 &- start) / dilation
            let reached = start >= input ? 0 : min(kernel, (input &- start &+ dilation &- 1) / dilation)
            return Run(
                firstSource: start &+ skipped &* dilation, firstTap: skipped, count: max(reached &- skipped, 0),
                step: dilation)
        case .bins(let start, let extent, let count):
            let first = min(max(start &+ output &* extent / count, 0), input)
            let end = min(max(start &+ ((output &+ 1) &* extent &+ count &- 1) / count, 0), input)
            return Run(firstSource: first, firstTap: first, count: max(end &- first, 0), step: 1)
        case .starts(let starts):
            let first = starts.start(of: output)
            return Run(firstSource: first, firstTap: first, count: starts.kernel, step: 1)
        case .bounds(let bounds, let isOverlapping):
            let first = bounds[output]
            let end = isOverlapping ? min(bounds[output + 1] + 1, input) : bounds[output + 1]
            return Run(firstSource: first, firstTap: first, count: end - first, step: 1)
        case .groups(let groups):
            return groups.lists.firstRow(ofGroup: output).map {
                Run(firstSource: $0, firstTap: $0, count: groups.lists.count(ofGroup: output), step: 1)
            }
        case .strided:
            return nil
        }
    }

    /// How many taps `output` has, padded cells included.
    @inline(__always)
    func tapCount(at output: Int) -> Int { run(at: output)?.count ?? declaredCount(at: output) }

    /// The source position (or ``paddingCell``) of a tap, and its number within the kernel.
    ///
    /// - Parameter tap: from 0 to ``tapCount(at:)``.
    @inline(__always)
    func source(at output: Int, tap: Int) -> (source: Int, number: Int) {
        switch pattern {
        case .strided(let stride, let before, _, let dilation, let mode) where mode != .ignore:
            let position = output &* stride &- before &+ tap &* dilation
            return (mode.source(of: position, extent: input) ?? Self.paddingCell, tap)
        case .groups(let groups):
            return (groups.lists.row(tap, ofGroup: output), groups.lists.number(tap, ofGroup: output))
        default:
            guard let run = run(at: output) else { return (Self.paddingCell, tap) }
            return (run.firstSource &+ tap &* run.step, run.firstTap &+ tap)
        }
    }

    /// Calls `body` with some taps of `output`, one after the other, as ``source(at:tap:)`` gives them.
    @inline(__always)
    func forEachTap(
        at output: Int, _ taps: Range<Int>, _ body: (_ tap: Int, _ source: Int, _ number: Int) -> Void
    ) {
        if case .groups(let groups) = pattern { return groups.lists.forEachRow(ofGroup: output, taps, body) }
        for tap in taps {
            let (source, number) = source(at: output, tap: tap)
            body(tap, source, number)
        }
    }

    /// Taps of `output` that lie within the source or the declared padding.
    func declaredCount(at output: Int) -> Int {
        switch pattern {
        case .strided(let stride, let before, let after, let dilation, _):
            let room = input + before + after - output * stride
            return max(min(kernel, (room + dilation - 1) / dilation), 0)
        case .groups(let groups): return groups.lists.count(ofGroup: output)
        default: return run(at: output)?.count ?? 0
        }
    }

    /// The groups of rows that outputs read; nil where they are none.
    var groups: RowGroups? { if case .groups(let groups) = pattern { groups } else { nil } }

    /// Whether every output has a window, so that windows and outputs are numbered alike.
    var coversOutputs: Bool { groups == nil }
}

extension AxisTaps {
    /// The most taps that any output has, or an upper bound.
    var largestCount: Int {
        switch pattern {
        case .strided(_, _, _, _, let mode): mode == .ignore ? min(kernel, input) : kernel
        case .bins(_, let extent, let count): min(extent / count + 2, extent, input)
        case .starts(let starts): starts.kernel
        case .bounds(let bounds, let isOverlapping):
            zip(bounds, bounds.dropFirst()).reduce(0) { max($0, $1.1 - $1.0) } + (isOverlapping ? 1 : 0)
        case .groups(let groups): groups.largestCount
        }
    }

    /// How often one source position is read by all outputs together, at most; saturates.
    var largestShareCount: Int {
        switch pattern {
        case .strided(let stride, let before, let after, let dilation, let mode):
            // Outputs with a tap at one position of the padded axis, and positions that read the same source.
            let outputs = min(output, kernel, (kernel - 1).multipliedSaturating(by: dilation) / stride + 1)
            return outputs.multipliedSaturating(by: mode.largestRepetition(before: before, after: after))
        case .bins(_, let extent, let count): return min(count, count / max(extent, 1) + 2)
        case .starts(let starts): return min(output, starts.kernel)
        case .bounds: return 2
        case .groups: return 1
        }
    }

    /// Taps of all outputs together, or an upper bound that is close; saturates.
    var totalCount: Int {
        switch pattern {
        case .strided: output.multipliedSaturating(by: largestCount)
        case .bins(let start, let extent, _):
            // Neighbouring bins share one position at most.
            max(min(start.addingSaturating(extent), input) - max(start, 0), 0).addingSaturating(output)
        case .starts(let starts): output.multipliedSaturating(by: starts.kernel)
        case .bounds(let bounds, _): (bounds.last ?? 0) - (bounds.first ?? 0) + output
        case .groups(let groups): groups.rowCount
        }
    }

    /// Whether a tap may be a padded cell.
    var hasPaddedCells: Bool {
        if case .strided(_, _, _, _, let mode) = pattern { mode != .ignore } else { false }
    }

    /// One output that reads the whole axis.
    static func whole(_ input: Int) -> AxisTaps { adaptive(input, output: 1) }

    /// One output that reads the first `length` positions.
    static func prefix(_ length: Int, of input: Int) -> AxisTaps {
        AxisTaps(pattern: .bins(start: 0, extent: length, count: 1), input: input, output: 1, kernel: input)
    }

    /// Bin `i` of `output` covers ⌊i·input/output⌋ up to ⌈(i+1)·input/output⌉ (PyTorch's adaptive pooling).
    static func adaptive(_ input: Int, output: Int) -> AxisTaps {
        bins(of: input, count: output, from: 0, input: input)
    }

    /// `count` bins over `extent` positions from `start`, clipped to the axis.
    static func bins(of extent: Int, count: Int, from start: Int, input: Int) -> AxisTaps {
        AxisTaps(
            pattern: .bins(start: start, extent: extent, count: count), input: input, output: count, kernel: input)
    }
}
