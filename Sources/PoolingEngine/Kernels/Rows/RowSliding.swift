/// How the windows of a row are folded, and how much of the row that reads.
struct RowSliding: Sendable {
    enum Way: Sendable {
        /// Windows of one size, one or two cells apart.
        case evenly(kernel: Int, stride: Int)
        /// The same, one cell apart and large.
        case byDoubling(kernel: Int)
        /// Windows of any sizes, whose columns are gathered one by one: from rows that have been folded into one, so that
        /// fewer are.
        case listed(RowTaps)
    }

    /// From here on doubling takes fewer folds than cells.
    private static let doublingKernel = 6

    let way: Way
    /// Cells before the row's own; negative where windows begin within the row.
    let before: Int
    /// Cells of a padded row.
    let span: Int
    /// Whether windows see cells that the row does not have.
    let needsPadding: Bool

    /// Whether the rows of a window are folded before its columns are.
    var followsRows: Bool { if case .listed = way { true } else { false } }
    var stride: Int { if case .evenly(_, let stride) = way { stride } else { 1 } }
    /// Cells beyond a padded row that whole vectors read.
    var overrun: Int {
        if case .evenly(let kernel, _) = way { kernel } else if case .byDoubling(let kernel) = way { kernel } else { 0 }
    }

    /// Nil where windows are too many and too irregular.
    init?(_ windows: RowWindows, width: Int, isSelection: Bool) {
        let axis = windows.columns
        if let regular = axis.regular, regular.stride <= 2 || axis.output == 1, regular.kernel <= RowTaps.mostEntries {
            before = regular.before
            span = axis.span
            needsPadding = !axis.fits
            let stride = axis.output == 1 ? 1 : regular.stride
            way =
                isSelection && stride == 1 && regular.kernel >= Self.doublingKernel
                ? .byDoubling(kernel: regular.kernel) : .evenly(kernel: regular.kernel, stride: stride)
            return
        }
        let isUneven = axis.windows.contains { $0.count < axis.largestCount }
        guard let taps = RowTaps(axis, width: width, padding: isUneven && !isSelection ? axis.input : nil)
        else { return nil }
        (before, span, needsPadding) = (0, axis.input, false)
        way = .listed(taps)
    }
}
