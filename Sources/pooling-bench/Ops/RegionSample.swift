import PoolingEngine
import PoolingTestKit

/// A common case of one region, for any op.
struct RegionSample {
    let name: String
    let regionName: String
    /// The input's shape with the channels first.
    let shape: [Int]
    /// Planes have a layout, rows have none.
    let hasLayout: Bool
    let fields: [Field]
    let tensors: [TensorName: Tensor]
    let weightShape: [Int]

    /// The forward request of `op` with the parameters that it cannot do without.
    func request(_ op: String, _ layout: Layout, _ type: ElementType, _ normals: RandomNormals) -> PoolingRequest {
        // Negative elements are no probabilities.
        let input = normals.tensor(inputShape(layout), type, map: { op == "stochastic" ? abs($0) : $0 })
        var request = PoolingTestKit.request(op, input: input, tensors)
        request.fields += fields
        if hasLayout { request.fields.append(Field("layout", .string(layout.rawValue))) }
        let hasSeed = fields.contains { $0.name == "seed" }
        if op == "stochastic", !hasSeed { request.fields.append(Field("seed", 1)) }
        if op == "weighted" {
            let count = weightShape.reduce(1, *)
            request.tensors[.weights] = Tensor((0..<count).map { 1 / Double($0 + 1) }, shape: weightShape, type)
        }
        return request
    }

    private func inputShape(_ layout: Layout) -> [Int] {
        guard hasLayout, layout == .channelsLast else { return shape }
        return [shape[0]] + shape.dropFirst(2) + [shape[1]]
    }
}
