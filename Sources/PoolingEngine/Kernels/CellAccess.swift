/// How a reduction reads the cells of windows.
enum CellAccess: Sendable, Equatable {
    /// From rows that hold nothing else.
    case copies
    /// As `copies`, and sorts them.
    case sorts
    /// From rows wherever they are.
    case rows
    /// As `rows`, or from the cells of one window in parts; see ``WindowCells``.
    case folds
    /// Only the first or the last cell.
    case edge(isLast: Bool)
}
