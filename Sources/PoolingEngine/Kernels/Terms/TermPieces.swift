/// How a row of some planes lies in a tensor and in a line of terms: in pieces whose cells are side by side.
struct TermPieces {
    let count: Int
    let length: Int
    /// From piece to piece, and from cell to cell, in the tensor.
    let step: Int
    let stride: Int
    /// From piece to piece in a line.
    let pitch: Int

    /// The columns of one plane, or the planes of one column after the other.
    init(columns: Int, lanes: Int, columnStep: Int, laneStep: Int, cell: Int) {
        if cell == 1 {
            (count, length, step, stride, pitch) = (1, columns, 0, columnStep, 0)
        } else if lanes == cell, columnStep == cell, laneStep == 1 {
            (count, length, step, stride, pitch) = (1, columns &* cell, 0, 1, 0)
        } else {
            (count, length, step, stride, pitch) = (columns, lanes, columnStep, laneStep, cell)
        }
    }
}
