/// What indices count.
package enum IndexBase: String, CaseIterable, Sendable {
    /// Flat position within the pooled axes of one plane (PyTorch).
    case plane
    /// Flat position within one batch sample (TensorFlow).
    case sample
    /// Flat position within the whole tensor (ONNX).
    case tensor
    /// Offset within the kernel.
    case window
}
