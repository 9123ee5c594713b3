/// An op, or one per channel where its parameter is a list.
///
/// Classes, because copies of what a reducer refers to would take as long as pooling a small part.
final class OpVariants<Element: PoolingElement>: Sendable {
    final class Variant: Sendable {
        let op: any PoolingOp
        let reducer: Reducer<Element>

        init(op: any PoolingOp, reducer: Reducer<Element>) { (self.op, self.reducer) = (op, reducer) }
    }

    /// The variant of each channel, or the only one.
    private let variants: [Variant]

    /// The op as the request has it.
    let op: any PoolingOp
    /// A reducer that says what all of them need.
    let reducer: Reducer<Element>

    /// How many channels have an op of their own; nil where all have the same.
    var channelCount: Int? { op.learnable?.parameter.isList == true ? variants.count : nil }

    /// Nil where the op does not compute in `Element`.
    init?(_ op: any PoolingOp) {
        guard let reducer = Element.reducer(of: op.reducers) else { return nil }
        (self.op, self.reducer) = (op, reducer)
        guard let learnable = op.learnable, learnable.parameter.isList else {
            variants = [Variant(op: op, reducer: reducer)]
            return
        }
        variants = learnable.parameter.values.map { value in
            let op = learnable.with(value)
            return Variant(op: op, reducer: Element.reducer(of: op.reducers) ?? reducer)
        }
    }

    /// Whether the windows of `geometry` have several ops.
    func divide(_ geometry: WindowGeometry) -> Bool { channelCount != nil && geometry.hasChannels }

    /// All that `make` makes of the windows of `geometry`, each with its op: as they are, or channel by channel.
    @inline(__always)
    func flatMap<Made>(_ geometry: WindowGeometry, _ make: (WindowGeometry, Variant) -> [Made]) -> [Made] {
        guard divide(geometry) else {
            // What is left of one channel knows which.
            let channel = channelCount == nil ? 0 : min(geometry.channelBase, variants.count - 1)
            return make(geometry, variants[channel])
        }
        return variants.enumerated().flatMap { make(geometry.restricted(to: $0), $1) }
    }

    /// `windows` in parts of one channel each, unless parts already are cheaper to make for all channels at once.
    func split(_ windows: LayerWindows) -> LayerWindows {
        guard let channelCount else { return windows }
        return switch windows {
        case .whole(let geometries): WindowParts(geometries, channelCount: channelCount).map { .parts($0) } ?? windows
        case .parts(let parts) where parts.sharesInput: .parts(parts.split(channelCount: channelCount))
        case .parts, .sampled: windows
        }
    }
}

extension WindowParts {
    /// Geometries channel by channel; nil where there are none.
    fileprivate init?(_ geometries: [WindowGeometry], channelCount: Int) {
        guard let first = geometries.first else { return nil }
        let windows = LayerWindows.whole(geometries)
        self.init(
            count: geometries.count.multipliedSaturating(by: channelCount), inputShape: windows.inputShape,
            outputShape: first.outputShape, indexing: first.indexing, taps: windows.taps, windows: windows.windows,
            largestWindow: windows.largestWindow, planeCount: first.planeCount / max(channelCount, 1),
            sharesInput: geometries.count > 1, isSelective: windows.isSelective
        ) { number in
            geometries[number / channelCount].restricted(to: number % channelCount)
        }
    }

    fileprivate func split(channelCount: Int) -> WindowParts {
        var split = self
        split.count = count.multipliedSaturating(by: channelCount)
        split.planeCount = planeCount / max(channelCount, 1)
        split.samples = samples.map { samples in
            Samples(count: samples.count) { samples.sample($0 / channelCount) }
        }
        split.part = { [part] (number) throws(PoolingError) in
            try part(number / channelCount).restricted(to: number % channelCount)
        }
        return split
    }
}

extension WindowGeometry {
    /// Whether its planes are of several channels, for ops that treat them differently.
    fileprivate var hasChannels: Bool { levels.contains { $0.channel != 0 } }

    /// The planes of one channel.
    fileprivate func restricted(to channel: Int) -> WindowGeometry {
        guard let index = levels.firstIndex(where: { $0.channel != 0 }) else { return self }
        var restricted = self
        let level = restricted.levels.remove(at: index)
        restricted.inputBase += channel * level.input
        restricted.outputBase += channel * level.output
        restricted.indexBase += channel * level.index
        restricted.channelBase += channel * level.channel
        restricted.mask?.base += channel * level.mask
        restricted.mergeLevels()
        return restricted
    }
}
