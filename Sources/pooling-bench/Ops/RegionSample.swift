import PoolingEngine
import PoolingTestKit

/// A common case of one region, for any op.
struct RegionSample {
    let name: String
    let regionName: String
    let input: Tensor
    /// The same without negative elements, which are no probabilities.
    let positiveInput: Tensor
    let fields: [Field]
    let tensors: [TensorName: Tensor]
    let weightShape: [Int]

    /// The forward request of `op` with the parameters that it cannot do without.
    func request(_ op: String) -> PoolingRequest {
        var request = PoolingTestKit.request(op, input: op == "stochastic" ? positiveInput : input, tensors)
        request.fields += fields
        let hasSeed = fields.contains { $0.name == "seed" }
        if op == "stochastic", !hasSeed { request.fields.append(Field("seed", 1)) }
        if op == "weighted" {
            let count = weightShape.reduce(1, *)
            request.tensors[.weights] = Tensor(
                (0..<count).map { 1 / Double($0 + 1) }, shape: weightShape, input.elementType)
        }
        return request
    }
}
