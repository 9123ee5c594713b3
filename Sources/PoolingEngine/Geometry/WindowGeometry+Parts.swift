extension WindowGeometry {
    /// The windows of some outputs along each axis, over no more of the input than they can reach.
    ///
    /// Only for axes whose outputs are counted by formula, or which keep all outputs.
    func part(_ outputs: [Range<Int>]) -> WindowGeometry {
        var part = self
        for (axis, outputs) in outputs.enumerated() {
            let (taps, start) = axes[axis].part(outputs)
            part.axes[axis] = taps
            part.inputBase += start * inputStrides[axis]
            part.indexBase += start * indexStrides[axis]
            part.outputBase += outputs.lowerBound * outputStrides[axis]
        }
        return part
    }

    /// The same windows over no more of the input than bins lie in.
    ///
    /// For kernels that read no numbers of taps.
    var cropped: WindowGeometry {
        var cropped = self
        for axis in axes.indices {
            guard case .bins(let start, let extent, let count) = axes[axis].pattern else { continue }
            let (first, end) = (max(start, 0), min(start + extent, axes[axis].input))
            guard first < end, end - first < axes[axis].input else { continue }
            cropped.axes[axis] = .bins(of: extent, count: count, from: start - first, input: end - first)
            cropped.inputBase += first * inputStrides[axis]
            cropped.indexBase += first * indexStrides[axis]
        }
        return cropped
    }

    /// One more level of planes before `index`: the windows of `self` again and again, `windows` further on along an
    /// axis.
    func repeated(_ count: Int, every windows: Int, along axis: Int, at index: Int) -> WindowGeometry {
        let step = windows * axes[axis].stride
        let level = PlaneLevel(
            count: count, input: step * inputStrides[axis], output: windows * outputStrides[axis],
            index: step * indexStrides[axis], channel: 0)
        var repeated = self
        repeated.levels.insert(level, at: index)
        return repeated
    }
}

extension AxisTaps {
    /// Source positions from window to window.
    var stride: Int { if case .strided(let stride, _, _, _, _) = pattern { stride } else { 1 } }

    /// The outputs whose windows lie within the source; nil for windows of several sizes.
    var wholeOutputs: Range<Int>? {
        guard case .strided(let stride, let before, _, let dilation, _) = pattern else {
            return output == 1 ? 0..<1 : nil
        }
        let last = input - 1 - (kernel - 1) * dilation + before
        guard last >= 0 else { return nil }
        let first = min(max((before + stride - 1) / stride, 0), output)
        return first..<min(max(last / stride + 1, first), output)
    }

    /// The same windows for some outputs, and the source position at which they begin.
    fileprivate func part(_ outputs: Range<Int>) -> (taps: AxisTaps, start: Int) {
        guard outputs != 0..<output,
            case .strided(let stride, let before, let after, let dilation, let mode) = pattern
        else { return (self, 0) }
        let first = outputs.lowerBound * stride - before
        // Padding with a mode reads elements elsewhere, so that all of the source stays in reach.
        let start = mode == .ignore ? min(max(first, 0), input - 1) : 0
        let reach = first + (outputs.count - 1) * stride + (kernel - 1) * dilation + 1
        let end = mode == .ignore ? max(min(reach, input), start + 1) : input
        let taps = AxisTaps(
            pattern: .strided(
                stride: stride, before: start - first, after: input + after - end, dilation: dilation, mode: mode),
            input: end - start, output: outputs.count, kernel: kernel)
        return (taps, start)
    }
}

extension WindowGeometry {
    /// Outputs along one axis from which on a geometry is cut, and outputs of each piece.
    static let longestAxis = 1024
    private static let piece = 512
    private static let mostPieces = 16
    private static let mostParts = 64

    /// The same windows in geometries whose axes are short enough for tables: where windows are in the interior, one piece
    /// again and again; nil where that would take too many parts, or windows are irregular.
    ///
    /// A cut changes no result: each window is folded as before.
    var cut: [WindowGeometry]? {
        var parts = [self]
        for axis in axes.indices {
            // Rows of windows over all depths are listed together.
            let inner = axis + 2 < axes.count ? min(axes[axis + 1].output, Self.longestAxis) : 1
            let limit = max(Self.longestAxis / inner, 1)
            guard axes[axis].output > limit else { continue }
            guard let pieces = axes[axis].pieces(of: max(min(Self.piece, limit / 2), 1), most: Self.mostPieces),
                parts.count * pieces.count <= Self.mostParts
            else { return nil }
            parts = parts.flatMap { part in
                pieces.map { piece in
                    var outputs = part.axes.map { 0..<$0.output }
                    outputs[axis] = piece.outputs
                    let cut = part.part(outputs)
                    return piece.count == 1
                        ? cut : cut.repeated(piece.count, every: piece.outputs.count, along: axis, at: 0)
                }
            }
        }
        return parts.count == 1 ? [self] : parts.map(\.merged)
    }
}

extension AxisTaps {
    /// A range of outputs, `count` times one after the other.
    fileprivate struct Piece {
        let outputs: Range<Int>
        let count: Int
    }

    fileprivate func pieces(of length: Int, most: Int) -> [Piece]? {
        guard case .strided(_, _, _, _, .ignore) = pattern else { return nil }
        let whole = wholeOutputs ?? 0..<0
        let repeats = whole.count / length
        let interior = whole.lowerBound..<whole.lowerBound + repeats * length
        var pieces: [Piece] = []
        for edge in [0..<interior.lowerBound, interior.upperBound..<output] {
            guard edge.count <= length * most else { return nil }
            for start in stride(from: edge.lowerBound, to: edge.upperBound, by: length) {
                pieces.append(Piece(outputs: start..<min(start + length, edge.upperBound), count: 1))
            }
        }
        if repeats > 0 {
            pieces.append(Piece(outputs: interior.lowerBound..<interior.lowerBound + length, count: repeats))
        }
        return pieces.count <= most ? pieces : nil
    }

    private func stride(from: Int, to: Int, by: Int) -> StrideTo<Int> { Swift.stride(from: from, to: to, by: by) }
}
