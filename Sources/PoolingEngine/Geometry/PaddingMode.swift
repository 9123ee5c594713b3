/// How positions beyond the edge of an axis are filled.
enum PaddingMode: String, CaseIterable, Sendable {
    /// Padding takes no part.
    case ignore
    /// Padding is zeros that take part: the constant 0.
    case zeros
    /// Padding is a number that the request gives.
    case constant
    /// Mirrored at the edge cell, which is not repeated.
    case reflect
    /// Mirrored at the edge, so that the edge cell is repeated.
    case symmetric
    /// The edge cell repeated.
    case replicate
    /// The axis wrapped around.
    case circular

    /// The source position that is read at `position`, which may lie beyond the edge; nil for a number of no element.
    @inline(__always)
    func source(of position: Int, extent: Int) -> Int? {
        if position >= 0 && position < extent { return position }
        switch self {
        case .ignore, .zeros, .constant: return nil
        case .replicate: return position < 0 ? 0 : extent - 1
        case .circular: return position < 0 ? position + extent : position - extent
        case .reflect: return position < 0 ? -position : 2 * (extent - 1) - position
        case .symmetric: return position < 0 ? -1 - position : 2 * extent - 1 - position
        }
    }

    /// The most padding that can be filled from an axis of `extent` elements; nil where there is no limit.
    func limit(extent: Int) -> Int? {
        switch self {
        case .ignore, .zeros, .constant, .replicate: nil
        case .reflect: extent - 1
        case .symmetric, .circular: extent
        }
    }

    /// Whether padded cells are elements of the input that are read once more.
    var readsElements: Bool {
        switch self {
        case .ignore, .zeros, .constant: false
        case .reflect, .symmetric, .replicate, .circular: true
        }
    }

    /// How many positions of a padded axis read the same source position, at most.
    func largestRepetition(before: Int, after: Int) -> Int {
        switch self {
        case .ignore, .zeros, .constant: 1
        case .replicate: max(before, 0).addingSaturating(max(after, 0)).addingSaturating(1)
        case .reflect, .symmetric, .circular: 3
        }
    }
}
