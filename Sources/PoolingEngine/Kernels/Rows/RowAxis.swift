/// The windows along one axis as row kernels see them: contiguous source ranges, none of them empty.
///
/// A class, because copies of its lists would take as long as pooling a small part.
final class RowAxis: Sendable {
    /// Windows of one size and step, padding aside.
    struct Regular: Sendable, Equatable {
        let kernel: Int
        let stride: Int
        let before: Int
    }

    let input: Int
    let output: Int
    /// The source positions of each window, clipped to the input.
    let windows: [Range<Int>]
    /// Cells that an average which counts padding divides by; nil where windows have no padding.
    let declared: [Int]?
    let regular: Regular?
    /// The most cells of any window.
    let largestCount: Int

    /// An axis that is not there.
    static let none = RowAxis(
        input: 1, output: 1, windows: [0..<1], declared: nil, regular: Regular(kernel: 1, stride: 1, before: 0))

    private init(input: Int, output: Int, windows: [Range<Int>], declared: [Int]?, regular: Regular?) {
        (self.input, self.output, self.windows, self.declared) = (input, output, windows, declared)
        self.regular = regular
        largestCount = windows.reduce(1) { max($0, $1.count) }
    }

    /// Input positions as windows over the windows that cover them, some of which may be empty.
    convenience init(covering cover: [Range<Int>], output: Int) {
        self.init(input: output, output: cover.count, windows: cover, declared: nil, regular: nil)
    }

    /// Windows that are listed at most; longer axes are cut, or left to kernels without tables.
    static let longestTable = 1 << 14

    /// Nil where taps are not contiguous elements, or windows too many to list.
    convenience init?(_ taps: AxisTaps) {
        guard taps.output <= Self.longestTable else { return nil }
        if case .strided(_, _, _, let dilation, let mode) = taps.pattern, dilation != 1 || mode != .ignore {
            guard taps.kernel == 1 && mode == .ignore else { return nil }
        }
        var windows: [Range<Int>] = []
        windows.reserveCapacity(taps.output)
        for position in 0..<taps.output {
            guard let run = taps.run(at: position), run.count > 0 else { return nil }
            windows.append(run.firstSource..<run.firstSource + run.count)
        }
        var declared: [Int]?
        if case .strided = taps.pattern { declared = (0..<taps.output).map { taps.declaredCount(at: $0) } }
        self.init(
            input: taps.input, output: taps.output, windows: windows, declared: declared,
            regular: Self.regular(taps, windows))
    }

    private static func regular(_ taps: AxisTaps, _ windows: [Range<Int>]) -> Regular? {
        if case .strided(let stride, let before, _, _, _) = taps.pattern {
            return Regular(kernel: taps.kernel, stride: stride, before: before)
        }
        guard let first = windows.first else { return nil }
        let stride = windows.count > 1 ? windows[1].lowerBound - first.lowerBound : 1
        guard stride > 0 else { return nil }
        for (index, window) in windows.enumerated()
        where window.lowerBound != first.lowerBound + index * stride || window.count != first.count {
            return nil
        }
        return Regular(kernel: first.count, stride: stride, before: -first.lowerBound)
    }

    /// Cells that regular windows span, padding included.
    var span: Int { regular.map { ($0.kernel - 1) + (output - 1) * $0.stride + 1 } ?? input }

    /// Whether folding padding with the cells takes little more than folding the cells that windows have.
    var isMostlyCells: Bool { span <= 2 * input + 16 }

    /// Whether adding up as many neighbouring windows as a kernel has cells takes little more than those that there are.
    var isMostlyWindows: Bool { regular.map { $0.kernel <= 2 * output + 16 } ?? true }

    /// Whether regular windows lie within the input.
    var fits: Bool {
        guard let regular else { return true }
        return regular.before <= 0 && span - regular.before <= input
    }

    /// How far the next window reaches beyond one.
    var step: Int { regular?.stride ?? largestCount }
}
