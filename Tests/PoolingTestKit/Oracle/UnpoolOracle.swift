package import PoolingEngine

/// Max unpooling: values put back at their indices.
package struct UnpoolOracle {
    package let outputShape: [Int]
    /// Where each value goes, as a flat position of the output; nil for −1.
    let targets: [Int?]
    private let values: [Double]
    private let inputShape: [Int]

    /// - Parameter inputShape: the shape of the values, of which a gradient request names only the indices.
    package init(_ request: PoolingRequest) {
        let reading = OracleRequest(request)
        let indices = request.tensors[.indices]
        let shape = indices?.shape ?? []
        let layout = UnpoolLayout(reading, inputShape: shape)
        let inferred = layout.shape(of: "index_shape") ?? layout.shape(of: "output_size") ?? layout.inferred
        outputShape = layout.shape(of: "output_size") ?? layout.inferred
        let outputShape = outputShape
        let numbers = indices?.wholeElements ?? []
        targets = numbers.indices.map { number in
            layout.target(
                Int(numbers[number]), from: Coordinates.unflat(number, in: shape), indexShape: inferred,
                outputShape: outputShape)
        }
        values = request.tensors[.input]?.realElements ?? []
        inputShape = shape
    }

    package func output() -> [Double] {
        var output = Array(repeating: 0.0, count: outputShape.reduce(1, *))
        for (value, target) in zip(values, targets) {
            if let target { output[target] = value }
        }
        return output
    }

    package func gradInput(_ gradOutput: [Double]) -> [Double] {
        targets.map { $0.map { gradOutput[$0] } ?? 0 }
    }
}

/// The arithmetic of an unpooling layer.
private struct UnpoolLayout {
    let axes: OracleAxes
    let layers: [SlidingAxis]
    let request: OracleRequest
    let inputShape: [Int]

    init(_ request: OracleRequest, inputShape: [Int]) {
        let reshaped = OracleRequest(request.request.with("input_shape", .wholes(inputShape)).without(.input))
        axes = OracleAxes(reshaped)
        layers = SlidingAxis.all(request, extents: axes.extents)
        self.request = request
        self.inputShape = inputShape
    }

    /// (in−1)·stride + dilation·(kernel−1) + 1 − before − after.
    var inferred: [Int] {
        axes.outputShape(layers.map { ($0.input - 1) * $0.stride + $0.reach - $0.before - $0.after })
    }

    /// A field that gives the spatial sizes or the full shape.
    func shape(of field: String) -> [Int]? {
        guard let sizes = request.perAxis(field, count: axes.pooled.count) else { return nil }
        return sizes.count == inputShape.count ? sizes : axes.outputShape(sizes)
    }

    func target(_ index: Int, from position: [Int], indexShape: [Int], outputShape: [Int]) -> Int? {
        if index < 0 { return nil }
        var target = position
        let base = request.text("index_base", "plane")
        let reversed = request.text("index_order", "row_major") == "column_major"
        if base == "window" {
            let kernel = layers.map(\.kernel)
            let offsets: [Int] =
                reversed
                ? Coordinates.unflat(index, in: kernel.reversed()).reversed() : Coordinates.unflat(index, in: kernel)
            for (layer, axis) in axes.pooled.enumerated() {
                target[axis] = layers[layer].positions(position[axis])[offsets[layer]]
            }
            return Coordinates.flat(target, in: outputShape)
        }
        let spatial = axes.pooled.map { indexShape[$0] }
        let flat = spatialPart(of: index, base, position, indexShape)
        let coordinates: [Int] =
            reversed
            ? Coordinates.unflat(flat, in: spatial.reversed()).reversed() : Coordinates.unflat(flat, in: spatial)
        for (axis, coordinate) in zip(axes.pooled, coordinates) { target[axis] = coordinate }
        return Coordinates.flat(target, in: outputShape)
    }

    /// The part of `index` that counts within the plane.
    private func spatialPart(of index: Int, _ base: String, _ position: [Int], _ shape: [Int]) -> Int {
        if base == "plane" { return index }
        var plane = axes.plane(of: position)
        if base == "sample", axes.batch != nil { plane[0] = 0 }
        let rest = index - Coordinates.flat(plane, in: shape)
        let isLast = axes.channel == shape.count - 1
        return isLast ? rest / shape[shape.count - 1] : rest
    }
}
