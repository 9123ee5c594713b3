import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds the kernels that add up weighted cells many windows at a time to the oracle, over the layers that they lay out in
/// other ways.
@Suite struct TapKernelTests {
    /// With channels, which can have weights of their own.
    private static let withChannels = [
        NamedLayer("clipped on all sides", [2, 3, 17, 23], ["kernel": [3, 3], "stride": 2, "padding": 1]),
        NamedLayer("side by side, two vectors and a rest", [1, 2, 8, 42], ["kernel": [2, 2]]),
    ]
    private static let withoutChannels = [
        NamedLayer("odd rows, windows that hang over", [2, 9, 77], ["kernel": [2, 2], "ceil_mode": true]),
        NamedLayer("overlapping, one apart", [2, 9, 41], ["kernel": [4, 5], "stride": 1, "padding": [2, 2]]),
        NamedLayer("one remainder of two", [2, 9, 19], ["kernel": [3, 2], "stride": 2, "dilation": 2, "padding": 1]),
        NamedLayer("gaps between windows", [3, 14, 26], ["kernel": [2, 2], "stride": [3, 5]]),
        NamedLayer("three remainders", [1, 13, 37], ["kernel": [5, 5], "stride": 3, "padding": 2]),
        NamedLayer(
            "three axes", [2, 5, 7, 19], ["kernel": [2, 3, 3], "stride": [1, 2, 2], "padding": [1, 1, 1], "dims": 3]),
        NamedLayer("a row", [3, 83], ["kernel": [7], "stride": 2, "padding": [3], "dims": 1]),
        NamedLayer("many taps, one apart", [2, 5, 47], ["kernel": [1, 20], "stride": 1]),
        NamedLayer("more windows than a vector of vectors", [1, 3, 300], ["kernel": [1, 3], "stride": 1]),
    ]
    private static let planar = withChannels + withoutChannels
    private static let interleaved = [
        NamedLayer(
            "channels last, clipped", [2, 7, 6, 37],
            ["kernel": [3, 3], "stride": 2, "padding": 1, "layout": "channels_last"]),
        NamedLayer(
            "few channels", [2, 9, 8, 3],
            ["kernel": [2, 3], "stride": [2, 1], "padding": 1, "layout": "channels_last"]),
        NamedLayer(
            "more channels than are handled together", [1, 6, 5, 131],
            ["kernel": [2, 2], "stride": [1, 3], "layout": "channels_last"]),
    ]
    private static let planes = [
        NamedLayer("the whole plane", [2, 5, 9, 11], ["region": "global", "dims": 2]),
        NamedLayer("a whole plane of less than a vector", [7, 2, 3], ["region": "global", "dims": 2]),
    ]
    static let cases =
        planar.map { Case(layer: $0, kernel: "taps.planar") }
        + interleaved.map { Case(layer: $0, kernel: "taps.interleaved") }
        + planes.map { Case(layer: $0, kernel: "taps.plane") }

    struct Case: Sendable, CustomStringConvertible {
        let layer: NamedLayer
        let kernel: String

        var description: String { layer.description }
    }

    /// The op without `normalize`, which is more than a sum.
    private func op() throws -> NamedOp {
        try #require(NamedOp.all.first { $0.isWeighted && $0.fields.isEmpty })
    }

    @Test(arguments: cases)
    func `values agree with the oracle, whatever the slices`(_ layer: Case) throws {
        let op = try op()
        let windows = try layer.layer.oracle()
        for values in [ValueCorpus.normal, .special] {
            for type in [ElementType.float32, .float64, .float16, .bfloat16] {
                let tensor = values.tensor(shape: layer.layer.shape, type)
                let request = layer.layer.request(op, input: GuardedMemory.holding(tensor))
                #expect(try PoolingPlan(request, limits: .roomy).kernel == layer.kernel)
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(type)")
                #expect(try request.slicesThatDiffer() == [], "\(type)")
            }
        }
    }

    @Test(arguments: cases)
    func `gradients agree with the oracle, whatever the slices`(_ layer: Case) throws {
        let op = try op()
        let windows = try layer.layer.oracle()
        for type in [ElementType.float32, .float64, .float16, .bfloat16] {
            let input = GuardedMemory.holding(ValueCorpus.normal.tensor(shape: layer.layer.shape, type))
            let backward = layer.layer.request(op, input: input)
                .backward(GuardedMemory.holding(layer.layer.gradOutput(windows, type)))
            #expect(try PoolingPlan(backward, limits: .roomy).kernel == layer.kernel)
            #expect(try gradientDisagreement(backward, windowsOf: windows) == nil, "\(type)")
            #expect(try backward.slicesThatDiffer() == [], "\(type)")
        }
    }

    @Test(arguments: withChannels + planes)
    func `each channel has the weights and the derivatives that it has alone`(_ layer: NamedLayer) throws {
        let channels = layer.shape[layer.shape.count - 3]
        let op = try op()
        let input = ValueCorpus.normal.tensor(shape: layer.shape, .float64)
        let shared = layer.request(op, input: input)
        let kernel = try #require(shared.tensors[.weights]).shape
        var request = shared
        request.tensors[.weights] = ValueCorpus.normal.tensor(shape: [channels] + kernel, .float64, seed: 3)
        #expect(try disagreement(request, op) == nil)
        let backward = request.backward(try request.gradOutput(.float64))
        #expect(try PoolingPlan(backward, limits: .roomy).kernel.hasPrefix("taps."))
        #expect(try gradientDisagreement(backward) == nil)
    }

    @Test func `padding takes no part in derivatives, whatever the gradient`() throws {
        let forward = request(
            "weighted", ["kernel": [3], "stride": 1, "padding": [1]], input: row([1, 2, 3, 4, 5, 6, 7, 8]),
            [.weights: row([1, 2, 3])])
        let result = try forward.backward(row([.infinity, 1, 1, 1, 1, 1, 1, 1])).run()
        #expect(result[.gradWeights]?.realElements == [28, .infinity, .infinity])
        #expect(result[.gradInput]?.realElements == [.infinity, .infinity, 6, 6, 6, 6, 6, 5])
    }

    @Test func `weights that are not finite touch the cells that they belong to alone`() throws {
        let forward = request(
            "weighted", ["kernel": [3], "stride": 1, "padding": [1]], input: row([1, 2, 3, 4, 5]),
            [.weights: row([.infinity, 2, 3])])
        #expect(try forward.result(.output).realElements == [8, .infinity, .infinity, .infinity, .infinity])
    }

    @Test func `of very many channels some are handled together`() throws {
        let input = try Tensor(allocating: .float32, shape: [1, 3, 8, 1 << 16], zeroed: true)
        let layer = request(
            "weighted", ["kernel": [2, 2], "layout": "channels_last"], input: input,
            [.weights: Tensor([1, 2, 3, 4], shape: [2, 2], .float32)])
        #expect(try PoolingPlan(layer, limits: .roomy).kernel == "taps.interleaved")
    }

    @Test func `kernels of more taps than rows are computed with get no tables`() {
        func axis(_ kernel: Int) -> TapAxis? {
            let pattern = AxisTaps.Pattern.strided(stride: 1, before: 0, after: 0, dilation: 1, mode: .ignore)
            let taps = AxisTaps(pattern: pattern, input: 2 * kernel, output: kernel + 1, kernel: kernel)
            return TapAxis(taps, inputStride: 1, outputStride: 1)
        }
        #expect(axis(TapAxis.mostTaps)?.moves.count == TapAxis.mostTaps)
        #expect(axis(TapAxis.mostTaps + 1) == nil)
    }
}
