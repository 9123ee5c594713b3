/// Windows cut into those in the middle, which all have the same taps, and those that the edges clip.
///
/// Windows in the middle differ by offsets, as planes do, so they are more levels of the loop over planes: the last axis
/// gives the lanes of tiles.
struct MiddleWindows: Sendable {
    let middle: WindowGeometry
    /// Nil where no window is clipped.
    let clipped: WindowGeometry?
    /// Windows of the middle in each plane.
    let count: Int

    /// Fewer windows in a row than this are not worth the tiles.
    private static let fewestColumns = 8

    /// Nil where windows differ from plane to plane, or few follow each other along the last axis.
    init?(_ geometry: WindowGeometry) {
        guard geometry.groups.count == 1, geometry.blocks.count == 1, let block = geometry.blocks.first,
            block.binStrides.isEmpty
        else { return nil }
        var whole: [Range<Int>] = []
        for axis in block.axes {
            guard let outputs = axis.wholeOutputs else { return nil }
            whole.append(outputs)
        }
        guard let columns = whole.last, columns.count >= Self.fewestColumns else { return nil }
        count = whole.reduce(1) { $0 * $1.count }
        middle = geometry.repeating(block, whole)

        // Along each axis what is clipped there: the middle of the axes behind it, and all of those before it.
        var blocks: [WindowBlock] = []
        for axis in block.axes.indices {
            for outputs in [0..<whole[axis].lowerBound, whole[axis].upperBound..<block.axes[axis].output]
            where !outputs.isEmpty {
                let before = block.axes[..<axis].map { 0..<$0.output }
                blocks.append(block.part(before + [outputs] + whole[(axis + 1)...]))
            }
        }
        var clipped = geometry
        clipped.blocks = blocks
        clipped.groups = [WindowGroup(planes: 0..<geometry.planeCount, blocks: blocks.indices)]
        self.clipped = blocks.isEmpty ? nil : clipped
    }
}

extension WindowGeometry {
    /// One window of `block` in each plane, and the others of `outputs` as more planes.
    fileprivate func repeating(_ block: WindowBlock, _ outputs: [Range<Int>]) -> WindowGeometry {
        var repeated = self
        for (axis, outputs) in outputs.enumerated() {
            let stride = block.axes[axis].stride
            repeated.levels.append(
                PlaneLevel(
                    count: outputs.count, input: stride * block.inputStrides[axis], output: block.outputStrides[axis],
                    index: stride * block.indexStrides[axis], channel: 0))
        }
        repeated.blocks = [block.part(outputs.map { $0.lowerBound..<$0.lowerBound + 1 })]
        repeated.groups = [WindowGroup(planes: 0..<repeated.planeCount, blocks: 0..<1)]
        return repeated
    }
}

extension WindowBlock {
    /// The windows of some outputs along each axis.
    fileprivate func part(_ outputs: [Range<Int>]) -> WindowBlock {
        var part = self
        for (axis, outputs) in outputs.enumerated() {
            part.axes[axis] = axes[axis].part(outputs)
            part.outputBase += outputs.lowerBound * outputStrides[axis]
        }
        return part
    }
}

extension AxisTaps {
    fileprivate var stride: Int { if case .strided(let stride, _, _, _, _) = pattern { stride } else { 1 } }

    /// The outputs whose windows lie within the source; nil for windows of several sizes.
    fileprivate var wholeOutputs: Range<Int>? {
        guard case .strided(let stride, let before, _, let dilation, _) = pattern else {
            return output == 1 ? 0..<1 : nil
        }
        let last = input - 1 - (kernel - 1) * dilation + before
        guard last >= 0 else { return nil }
        let first = min(max((before + stride - 1) / stride, 0), output)
        return first..<min(max(last / stride + 1, first), output)
    }

    fileprivate func part(_ outputs: Range<Int>) -> AxisTaps {
        guard case .strided(let stride, let before, let after, let dilation, let mode) = pattern else { return self }
        return AxisTaps(
            pattern: .strided(
                stride: stride, before: before - outputs.lowerBound * stride, after: after, dilation: dilation,
                mode: mode),
            input: input, output: outputs.count, kernel: kernel)
    }
}
