/// The windows of a layer over an input of known shape, in the form in which kernels read them.
enum LayerWindows: Sendable {
    /// One geometry, or a few: the levels of a pyramid.
    case whole([WindowGeometry])
    /// One geometry per box, plane or sequence that the request names, made when it is computed.
    case parts(WindowParts)
    /// Interpolated samples between elements.
    case sampled(SampledGeometry)
}

extension LayerWindows {
    var inputShape: [Int] {
        switch self {
        case .whole(let geometries): geometries.first?.inputShape ?? []
        case .parts(let parts): parts.inputShape
        case .sampled(let samples): samples.inputShape
        }
    }

    /// Whether some cells of windows take no part.
    var isSelective: Bool {
        switch self {
        case .whole(let geometries): geometries.contains(where: \.isSelective)
        case .parts(let parts): parts.isSelective
        case .sampled: false
        }
    }

    /// The most taps that one window has; saturates.
    var largestWindow: Int {
        switch self {
        case .whole(let geometries): geometries.reduce(0) { max($0, $1.largestWindow) }
        case .parts(let parts): parts.largestWindow
        case .sampled: 1
        }
    }

    /// How often one element is read by all windows together, at most; saturates.
    var largestShareCount: Int {
        switch self {
        case .whole(let geometries): geometries.reduce(0) { $0.addingSaturating($1.largestShareCount) }
        case .parts(let parts): parts.largestShareCount
        case .sampled(let samples): samples.work / max(samples.frame.channels, 1)
        }
    }

    /// Taps of all windows together, or an upper bound; saturates.
    var taps: Int {
        switch self {
        case .whole(let geometries): geometries.reduce(0) { $0.addingSaturating($1.totalTaps) }
        case .parts(let parts): parts.taps
        case .sampled(let samples): samples.work
        }
    }

    /// Pooled axes, each of which is looked at where a window is laid out.
    var axisCount: Int {
        switch self {
        case .whole(let geometries): geometries.reduce(0) { max($0, $1.axes.count) }
        // Rows and columns at most.
        case .parts, .sampled: 2
        }
    }

    /// Axes that the numbers of indices count, each of which is looked at where a number is read.
    var digitCount: Int {
        switch self {
        case .whole(let geometries): geometries.first?.indexing.digitCount ?? 0
        case .parts(let parts): parts.indexing.digitCount
        case .sampled: 0
        }
    }

    /// How often a window, or a bin of samples, is laid out, for the planes that are handled together; saturates.
    var visits: Int {
        switch self {
        case .whole(let geometries): geometries.reduce(0) { $0.addingSaturating($1.visitCount) }
        case .parts(let parts): parts.windows / max(min(parts.planeCount, WindowGeometry.planesTogether), 1)
        case .sampled(let samples): samples.visitCount
        }
    }

    /// Windows of all planes; saturates.
    var windows: Int {
        switch self {
        case .whole(let geometries): geometries.reduce(0) { $0.addingSaturating($1.windowCount) }
        case .parts(let parts): parts.windows
        case .sampled: 0
        }
    }
}
