struct MaxOp: ExtremumOp {
    typealias Order = Larger

    let nan: NaNPolicy
    var structure: StructuringElement?
}

/// The largest element of each window, with a structuring element of each sum x + s.
enum Larger: ExtremumOrder {
    static let descriptor = OpDescriptor(
        "max", gradient: .indices, supportsIntegers: true, supportsBool: true,
        parameters: [NaNPolicy.parameter, StructuringElement.parameter],
        summary: "the largest element", source: "torch.nn.MaxPool2d, ONNX MaxPool, tf.nn.max_pool",
        otherNames: ["maximum", "amax", "maxpool", "maxpooling", "dilate", "dilation"])

    static var takesSamples: Bool { true }
    static var sign: Double { 1 }

    static func fold(_ nan: NaNPolicy) -> WindowFold { .largest(nan) }

    @inline(__always)
    static func beats<Element: Comparable>(_ cell: Element, _ best: Element) -> Bool { cell > best }

    @inline(__always)
    static func isBeaten<E: RowValue>(_ cell: E.Vector, by best: E.Vector, of type: E.Type) -> E.Mask {
        E.isLess(cell, best)
    }
}
