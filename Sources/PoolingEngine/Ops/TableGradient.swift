/// The gradient of the numbers that an op has for each cell of the kernel (`weights`, `structure`).
struct TableGradient: Sendable {
    /// Adds the derivatives of a tile's windows, times their incoming gradients.
    typealias Step<Element: PoolingElement> =
        @Sendable (WindowTile<Element>, WindowScratch<Element>, UnsafeMutableBufferPointer<Double>) -> Void

    let name: PoolingResult.Name
    let shape: [Int]
    let float: Step<Float>
    let double: Step<Double>
}
