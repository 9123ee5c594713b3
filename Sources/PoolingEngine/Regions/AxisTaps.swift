/// How positions beyond the edge of an axis are filled.
enum PaddingMode: String, CaseIterable, Sendable {
    /// Padding takes no part.
    case ignore
    /// Padding is zeros that take part.
    case zeros
    /// Mirrored at the edge cell, which is not repeated.
    case reflect
    /// The edge cell repeated.
    case replicate
    /// The axis wrapped around.
    case circular

    /// The source position that stands at `position`, which may lie beyond the edge; nil for a zero.
    @inline(__always)
    func source(of position: Int, extent: Int) -> Int? {
        if position >= 0 && position < extent { return position }
        switch self {
        case .ignore, .zeros: return nil
        case .replicate: return position < 0 ? 0 : extent - 1
        case .circular: return position < 0 ? position + extent : position - extent
        case .reflect: return position < 0 ? -position : 2 * (extent - 1) - position
        }
    }
}

/// Which source positions along one axis each output position reads: all window arithmetic of this engine.
struct AxisTaps: Sendable {
    /// A source position of a padding zero.
    static let zeroCell = -1

    enum Pattern: Sendable {
        /// Tap `j` of output `o` reads `o·stride − before + j·dilation`.
        case strided(stride: Int, before: Int, after: Int, dilation: Int, mode: PaddingMode)
        /// Output `o` reads `starts[o]..<ends[o]`; empty where the end is not beyond the start.
        case ranges(starts: [Int], ends: [Int])
        /// Output `o` reads `sources[offsets[o]..<offsets[o + 1]]`.
        case listed(offsets: [Int], sources: [Int])
    }

    let pattern: Pattern
    /// Source positions along this axis.
    let input: Int
    /// Output positions along this axis.
    let output: Int
    /// Numbers that a tap can have: cells of the kernel, or for patterns without one, source positions.
    let kernel: Int

    /// The most taps that any output has.
    var largestCount: Int {
        switch pattern {
        case .strided(_, _, _, _, let mode): mode == .ignore ? min(kernel, input) : kernel
        case .ranges(let starts, let ends): zip(starts, ends).reduce(0) { max($0, $1.1 - $1.0) }
        case .listed(let offsets, _): (0..<output).reduce(0) { max($0, offsets[$1 + 1] - offsets[$1]) }
        }
    }

    /// Taps of all outputs together, or an upper bound that is close.
    var totalCount: Int {
        switch pattern {
        case .strided: output.multipliedSaturating(by: largestCount)
        case .ranges(let starts, let ends): zip(starts, ends).reduce(0) { $0 + max($1.1 - $1.0, 0) }
        case .listed(_, let sources): sources.count
        }
    }

    /// Entries of the tables that this axis has, and that kernels make of it.
    var tableSize: Int {
        if case .listed(_, let sources) = pattern { output + sources.count } else { output }
    }

    /// An evenly spaced run of taps.
    struct Run {
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
        case .ranges(let starts, let ends):
            let start = starts[output]
            return Run(firstSource: start, firstTap: start, count: max(ends[output] &- start, 0), step: 1)
        case .strided, .listed:
            return nil
        }
    }

    /// Taps of `output` that lie within the source or the declared padding.
    func declaredCount(at output: Int) -> Int {
        switch pattern {
        case .strided(let stride, let before, let after, let dilation, _):
            let room = input + before + after - output * stride
            return min(kernel, (room + dilation - 1) / dilation)
        case .ranges(let starts, let ends): return max(ends[output] - starts[output], 0)
        case .listed(let offsets, _): return offsets[output + 1] - offsets[output]
        }
    }

    /// Cells of the whole, unclipped window of `output`.
    func wholeCount(at output: Int) -> Int {
        if case .strided = pattern { kernel } else { declaredCount(at: output) }
    }

    /// Calls `body` with the source (or ``zeroCell``) and the number within the kernel of each tap of `output`.
    @inline(__always)
    func forEachTap(at output: Int, _ body: (_ source: Int, _ tap: Int) -> Void) {
        if let run = run(at: output) {
            for j in 0..<run.count { body(run.firstSource &+ j &* run.step, run.firstTap &+ j) }
            return
        }
        switch pattern {
        case .strided(let stride, let before, _, let dilation, let mode):
            for j in 0..<declaredCount(at: output) {
                let position = output * stride - before + j * dilation
                body(mode.source(of: position, extent: input) ?? Self.zeroCell, j)
            }
        case .listed(let offsets, let sources):
            for entry in offsets[output]..<offsets[output + 1] { body(sources[entry], sources[entry]) }
        case .ranges: break
        }
    }
}

extension AxisTaps {
    /// One output that reads the whole axis.
    static func whole(_ input: Int) -> AxisTaps {
        AxisTaps(pattern: .ranges(starts: [0], ends: [input]), input: input, output: 1, kernel: input)
    }

    /// Bin `i` of `output` covers ⌊i·input/output⌋ up to ⌈(i+1)·input/output⌉ (PyTorch's adaptive pooling).
    static func adaptive(_ input: Int, output: Int) -> AxisTaps {
        bins(of: input, count: output, from: 0, input: input)
    }

    /// `count` bins over `extent` positions from `start`, clipped to the axis.
    static func bins(of extent: Int, count: Int, from start: Int, input: Int) -> AxisTaps {
        var starts: [Int] = []
        var ends: [Int] = []
        starts.reserveCapacity(count)
        ends.reserveCapacity(count)
        for bin in 0..<count {
            starts.append(min(max(start + bin * extent / count, 0), input))
            ends.append(min(max(start + ((bin + 1) * extent + count - 1) / count, 0), input))
        }
        return AxisTaps(pattern: .ranges(starts: starts, ends: ends), input: input, output: count, kernel: input)
    }
}
