/// The windows along one axis as taps: tap `t` of window `o` reads `o·stride − before + t·dilation`.
struct TapAxis: Sendable {
    let kernel: Int
    let stride: Int
    let before: Int
    let dilation: Int
    let input: Int
    let output: Int
    /// From element to element of the input, and of the output.
    let inputStride: Int
    let outputStride: Int
    /// Source positions from the first to the last tap of a window.
    let reach: Int
    /// Of each tap: windows from the one that reads a cell with the first tap of its remainder, and that remainder.
    let moves: [Int]
    let remainders: [Int]

    /// An axis that is not there.
    static let none = TapAxis(
        kernel: 1, stride: 1, before: 0, dilation: 1, input: 1, output: 1, inputStride: 0, outputStride: 0)

    /// More taps would not fit what ``TapRows`` computes in; the tables here are made before that is known.
    static let mostTaps = 1 << 16

    /// Nil where taps are not evenly spaced or too many, padded cells hold numbers, or windows reach far beyond the input.
    init?(_ taps: AxisTaps, inputStride: Int, outputStride: Int) {
        guard case .strided(let stride, let before, _, let dilation, .ignore) = taps.pattern, before >= 0,
            taps.kernel <= Self.mostTaps
        else { return nil }
        let span = (taps.kernel - 1).multipliedSaturating(by: dilation)
            .addingSaturating((taps.output - 1).multipliedSaturating(by: stride))
        guard span <= taps.input.multipliedSaturating(by: 3).addingSaturating(16) else { return nil }
        self.init(
            kernel: taps.kernel, stride: stride, before: before, dilation: dilation, input: taps.input,
            output: taps.output, inputStride: inputStride, outputStride: outputStride)
    }

    private init(
        kernel: Int, stride: Int, before: Int, dilation: Int, input: Int, output: Int, inputStride: Int,
        outputStride: Int
    ) {
        (self.kernel, self.stride, self.before, self.dilation) = (kernel, stride, before, dilation)
        (self.input, self.output) = (input, output)
        (self.inputStride, self.outputStride) = (inputStride, outputStride)
        reach = (kernel - 1) * dilation + 1
        moves = (0..<kernel).map { $0 * dilation / stride }
        remainders = (0..<kernel).map { $0 * dilation % stride }
    }

    /// The most neighbouring windows that read one position lies between.
    var largestMove: Int { moves.last ?? 0 }

    /// The taps of a window that read sources.
    @inline(__always)
    func taps(of window: Int) -> Range<Int> {
        let start = window &* stride &- before
        // Divisions take as long as a few vectors.
        if start >= 0, start &+ reach <= input { return 0..<kernel }
        let first = start >= 0 ? 0 : (dilation &- 1 &- start) / dilation
        let end = start >= input ? 0 : min(kernel, (input &- start &+ dilation &- 1) / dilation)
        return first..<max(first, end)
    }

    @inline(__always)
    func source(of window: Int, tap: Int) -> Int { window &* stride &- before &+ tap &* dilation }

    /// Calls `body` with each tap that reads a source position, and its window.
    @inline(__always)
    func forEachTap(reading position: Int, _ body: (_ tap: Int, _ window: Int) -> Void) {
        let (quotient, remainder) = divided(position &+ before)
        for tap in 0..<kernel where remainders[tap] == remainder {
            let window = quotient &- moves[tap]
            if window >= 0, window < output { body(tap, window) }
        }
    }

    @inline(__always)
    private func divided(_ position: Int) -> (quotient: Int, remainder: Int) {
        switch stride {
        case 1: (position, 0)
        case 2: (position >> 1, position & 1)
        default: position.quotientAndRemainder(dividingBy: stride)
        }
    }
}
