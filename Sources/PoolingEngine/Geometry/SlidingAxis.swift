/// Windows sliding along one axis, their number known.
struct SlidingAxis: Sendable {
    let input: Int
    let kernel: Int
    let stride: Int
    let dilation: Int
    let before: Int
    let after: Int
    let mode: PaddingMode
    /// Below 1 where the kernel does not fit.
    let output: Int

    /// Extent of a window including the cells that dilation leaves out.
    var span: Int { dilation * (kernel - 1) + 1 }

    /// ⌊(input + before + after − span)/stride⌋ + 1; with ceiling, rounded up, less one where the last window would
    /// start in the after-padding (PyTorch's rule and ONNX's).
    ///
    /// All numbers are at most 2^31, so that their sums and products do not overflow.
    init(
        input: Int, kernel: Int, stride: Int, dilation: Int, padding: Padding.Side, isCeiling: Bool, mode: PaddingMode
    ) {
        (self.input, self.kernel, self.stride, self.dilation, self.mode) = (input, kernel, stride, dilation, mode)
        let span = dilation * (kernel - 1) + 1
        switch padding {
        case .cells(let before, let after):
            (self.before, self.after) = (before, after)
            let room = input + before + after - span
            var output = (room + (isCeiling ? stride - 1 : 0)).floorDivided(by: stride) + 1
            if isCeiling, (output - 1) * stride >= input + before { output -= 1 }
            self.output = output
        case .same(let extraBefore):
            output = (input - 1) / stride + 1
            let total = max((output - 1) * stride + span - input, 0)
            before = extraBefore ? total - total / 2 : total / 2
            after = total - before
        }
    }

    var taps: AxisTaps {
        AxisTaps(
            pattern: .strided(stride: stride, before: before, after: after, dilation: dilation, mode: mode),
            input: input, output: output, kernel: kernel)
    }

    /// Why there are no such windows.
    enum Fault {
        case kernelTooLarge
        /// More padding than the mode can fill from the input.
        case unmappable(limit: Int)
    }

    var fault: Fault? {
        if output < 1 { return .kernelTooLarge }
        guard let limit = mode.limit(extent: input), max(before, after) > limit else { return nil }
        return .unmappable(limit: limit)
    }

    /// - Parameters:
    ///   - position: which of the pooled axes this is.
    ///   - field: the one that says how large the kernel is.
    func requireFit(
        _ position: Int, of axes: PooledAxes, _ field: String, _ reader: FieldReader
    ) throws(PoolingError) {
        let axis = axes.pooled[position]
        switch fault {
        case nil: return
        case .kernelTooLarge:
            throw reader.rejection(
                .kernelTooLarge, at: field,
                "kernel \(kernel)\(dilation == 1 ? "" : " (with dilation \(dilation): \(span))") is larger than the "
                    + "padded input along axis \(axis) (\(input) + \(before) + \(after) = \(input + before + after))"
                    + axes.layoutHint(for: axis))
        case .unmappable(let limit):
            throw reader.rejection(
                .outOfRange, at: "padding",
                "padding \(max(before, after)) along axis \(axis) is more than '\(mode.rawValue)' can fill from "
                    + "\(input) elements; it must be at most \(limit)")
        }
    }

    /// Rejects a window that touches no input element.
    func requireSources(_ reader: FieldReader) throws(PoolingError) {
        guard let window = emptyWindow else { return }
        throw reader.rejection(
            .emptyWindow, at: "padding",
            "window \(window) covers only padding (\(before) before and \(after) after \(input) elements); "
                + "reduce padding to at most \(span - 1)")
    }
}

extension SlidingAxis {
    /// The first window without an element of the input, where padding takes no part; nil where there is none.
    var emptyWindow: Int? {
        guard mode == .ignore else { return nil }
        // Windows that end before the input: the first ends earliest.
        if before > (kernel - 1) * dilation { return 0 }
        let starting = min((before + stride - 1) / stride, output)
        // A dilated window that starts before the input can step over it: its first position at or beyond 0 is
        // (o·stride − before) mod dilation.
        if dilation > input,
            let window = FloorSums.first(
                below: starting, stride: stride, offset: -before, modulus: dilation, atLeast: input)
        {
            return window
        }
        let late = (input + before + stride - 1) / stride
        return late < output ? late : nil
    }

    /// The first window that starts on the input, and the first after it that ends beyond.
    private var whole: Range<Int> {
        let first = min((before + stride - 1) / stride, output)
        let end = (input + before - span).floorDivided(by: stride) + 1
        return first..<min(max(end, first), output)
    }

    /// Windows with a cell beyond the input.
    var clipped: Int { output - whole.count }

    /// Cells that all windows read: elements, or with a padding mode all within the padding; saturates.
    var totalTaps: Int {
        let lowest = mode == .ignore ? 0 : -before
        let highest = mode == .ignore ? input : input + after
        return Int(clamping: cells(windows: 0..<output, taps: 0..<kernel, in: lowest..<highest))
    }

    /// Input positions that no window reads; nil where padding reads elements in a pattern too irregular to count.
    var unused: Int? {
        let direct = input - distinctPositions
        guard direct > 0, mode.readsElements, max(before, after) > 0 else { return direct }
        return unusedByMapping()
    }

    /// Input positions that windows read where they are.
    ///
    /// Divided by the common divisor of stride and dilation, tap j + stride of a window reads the same position as tap j
    /// of the window `dilation` further on: each position is counted with the smallest tap that reads it.
    private var distinctPositions: Int {
        let divisor = FloorSums.commonDivisor(stride, dilation)
        let (step, gap) = (stride / divisor, dilation / divisor)
        let smallest = cells(windows: 0..<output, taps: 0..<min(step, kernel), in: 0..<input)
        guard step < kernel else { return Int(clamping: smallest) }
        let others = cells(windows: max(output - gap, 0)..<output, taps: step..<kernel, in: 0..<input)
        return Int(clamping: smallest + others)
    }

    /// Pairs of a window and a tap that read one of `positions`.
    private func cells(windows: Range<Int>, taps: Range<Int>, in positions: Range<Int>) -> Int128 {
        let start = windows.lowerBound * stride - before + taps.lowerBound * dilation
        func below(_ position: Int) -> Int128 {
            FloorSums.clampedSteps(
                from: position - start, count: windows.count, stride: stride, step: dilation, limit: taps.count)
        }
        return below(positions.upperBound) - below(positions.lowerBound)
    }

    /// Mirrored, repeated and wrapped padding may read elements that no window reads where they are: counted one by one
    /// where these are few.
    private func unusedByMapping() -> Int? {
        let largest = 4096
        guard input <= largest, output.multipliedSaturating(by: kernel) <= 4 * largest else { return nil }
        var isRead = [Bool](repeating: false, count: input)
        let taps = taps
        for window in 0..<output {
            for tap in 0..<taps.tapCount(at: window) {
                let source = taps.source(at: window, tap: tap).source
                if isRead.indices.contains(source) { isRead[source] = true }
            }
        }
        return isRead.count { !$0 }
    }
}

extension Int {
    /// Division that rounds towards −∞, for a positive divisor.
    func floorDivided(by divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
