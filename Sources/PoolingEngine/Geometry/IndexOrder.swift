/// In which order indices number the pooled axes.
package enum IndexOrder: String, CaseIterable, Sendable {
    case rowMajor = "row_major"
    /// All pooled axes reversed, the other axes as they are (ONNX `storage_order` 1).
    case columnMajor = "column_major"
}
