/// The axes of an input that are pooled, and what the others are.
struct PooledAxes: Sendable {
    let shape: [Int]
    /// In the order of the window: the slowest first.
    let pooled: [Int]
    let channel: Int?
    /// The axis that numbers samples; nil where the whole input is one.
    let batch: Int?
    let isChannelsLast: Bool
    /// Whether the request named them with `axes`.
    let isNamed: Bool
    /// What the request's input has in place of the first axis; empty where that is as it is.
    var joined: [Int] = []

    /// A question for a kernel that does not fit along an axis, where that looks like the channels of channels last.
    func layoutHint(for axis: Int) -> String {
        guard !isChannelsLast, !isNamed, axis == shape.count - 1, shape.looksChannelsLast else { return "" }
        return "; if the last axis has the channels, send \"layout\": \"channels_last\""
    }

    /// The axis along which planes are treated differently; nil for none.
    func axis(of variation: PlaneVariation) -> Int? {
        switch variation {
        case .none: nil
        case .channel: channel
        case .batch: batch
        }
    }

    /// Extents of the pooled axes, in window order.
    var extents: [Int] { pooled.map { shape[$0] } }
    var kept: [Int] { shape.indices.filter { !pooled.contains($0) } }

    /// The input's shape with other extents along the pooled axes.
    func shape(pooledTo extents: [Int]) -> [Int] {
        var result = shape
        for (axis, extent) in zip(pooled, extents) { result[axis] = extent }
        return result
    }

    /// Rejects an axis of size 0 behind the `leading` axes, which number rows.
    static func requireElements(_ shape: [Int], behind leading: Int, at pointer: String) throws(PoolingError) {
        guard let empty = shape.indices.dropFirst(leading).first(where: { shape[$0] == 0 }) else { return }
        throw PoolingError(
            .outOfRange, at: pointer, "axis \(empty) of the input has size 0; only rows may be none")
    }

    /// Rejects an axis of size 0 that is pooled, holds channels or lies behind a pooled one; a batch of 0 is fine.
    func requireElements(at pointer: String) throws(PoolingError) {
        let first = pooled.min() ?? 0
        for axis in shape.indices where shape[axis] == 0 && (axis >= first || axis == channel) {
            throw PoolingError(
                .outOfRange, at: pointer, "axis \(axis) of the input has size 0; only leading axes may be empty")
        }
    }
}
