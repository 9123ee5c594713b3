import PoolingEngine
import PoolingTestKit
import Testing

/// Thousands of shares that add up to the gradient of one element lose no digits.
@Suite struct ManySharesTests {
    @Test(arguments: layers)
    func `a gradient in float32 is that in float64`(_ layer: Layer) throws {
        let single = try layer.gradients(.float32)
        let double = try layer.gradients(.float64)
        for (got, want) in zip(single, double) {
            let isClose = zip(got, want).allSatisfy { ($0 - $1).magnitude <= 1e-6 * $1.magnitude }
            #expect(isClose && got.count == want.count, "\(layer.fields)")
        }
    }

    @Test func `a window of replicated cells gives back what came in`() throws {
        let fields: Fields = ["kernel": [3000], "padding": [[1500, 1499]], "padding_mode": "replicate"]
        let forward = request("avg", fields, input: row([1], .float32))
        #expect(try forward.backward(row([3000], .float32)).result(.gradInput).realElements == [3000])
    }

    struct Layer: Sendable {
        let fields: [Field]
        let shape: [Int]
        let rois: [Double]?

        init(_ fields: Fields, shape: [Int], rois: [Double]? = nil) {
            (self.fields, self.shape, self.rois) = ([Field](fields), shape, rois)
        }

        /// Gradients of several ops, all of a gradient that `Float` holds and whose sums it does not.
        func gradients(_ type: ElementType) throws -> [[Double]] {
            let count = shape.reduce(1, *)
            let input = Tensor((0..<count).map { Double($0 % 5 + 1) }, shape: shape, type)
            var gradients: [[Double]] = []
            for op in ["avg", "max", "lp", "sum", "mixed"] where !isSampled || op == "avg" || op == "max" {
                var forward = PoolingRequest(
                    endpoint: .forward, elementType: type, fields: [Field("op", .string(op))] + fields,
                    tensors: [.input: input])
                if let rois { forward.tensors[.rois] = Tensor(rois, shape: [rois.count / 5, 5]) }
                let output = try forward.result(.output)
                let gradOutput = Tensor(
                    [Double](repeating: Double(Float(0.1)), count: output.count), shape: output.shape, type)
                gradients.append(try forward.backward(gradOutput).result(.gradInput).realElements)
                guard op == "max" || op == "mixed", !isSampled else { continue }
                for base in ["plane", "tensor"] {
                    let asking = forward.with("return_indices", true).with("index_base", .string(base))
                    let indices = try asking.result(.indices)
                    let backward = asking.backward(gradOutput, indices: indices)
                    gradients.append(try backward.result(.gradInput).realElements)
                }
            }
            return gradients
        }

        private var isSampled: Bool { fields.contains { $0.value == .string("roi_align") } }
    }

    private static let manyBoxes = [Double](repeating: 0, count: 5 * 1000)

    private static let layers = [
        Layer(["kernel": [2000], "stride": 1, "padding": [[1999, 1999]]], shape: [3]),
        Layer(["kernel": [60, 60], "stride": 1, "padding": [[59, 59], [59, 59]]], shape: [2, 2]),
        Layer(["kernel": [300], "stride": 1, "padding": 200, "padding_mode": "circular"], shape: [1, 400]),
        Layer(["kernel": [3000], "padding": 1500, "padding_mode": "replicate"], shape: [2, 1]),
        Layer(["kernel": [3], "stride": 1, "padding": [[1000, 0]], "padding_mode": "replicate"], shape: [1, 4]),
        Layer(["region": "adaptive", "output_size": [2000]], shape: [2, 1]),
        Layer(["region": "pyramid", "levels": [2000, 1], "dims": 1], shape: [1, 1, 1]),
        Layer(["region": "roi", "output_size": [1, 1]], shape: [1, 2, 1, 1], rois: manyBoxes),
        Layer(["region": "roi", "output_size": [40, 40]], shape: [1, 1, 1, 1], rois: [0, 0, 0, 0, 0]),
        Layer(["region": "roi_align", "output_size": [1, 1]], shape: [1, 2, 1, 1], rois: manyBoxes),
        Layer(
            ["region": "roi_align", "output_size": [1, 1], "sampling_ratio": 60], shape: [1, 1, 1, 1],
            rois: [0, 0, 0, 1, 1]),
        Layer(
            ["region": "fractional", "kernel": [300], "output_size": [301], "seed": 1, "dims": 1],
            shape: [1, 1, 600]),
    ]
}
