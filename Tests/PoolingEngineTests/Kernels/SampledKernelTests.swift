import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Holds the kernel that samples between cells to the oracle, over the boxes whose cells it lists in other ways.
@Suite struct SampledKernelTests {
    private static let layers = [
        NamedLayer(
            "more channels than are handled together", [2, 70, 9, 8],
            ["region": "roi_align", "output_size": [1, 2], "sampling_ratio": 2], [.rois: boxes]),
        NamedLayer(
            "more channels than are handled together, side by side", [2, 6, 7, 67],
            [
                "region": "roi_align", "output_size": [2, 1], "sampling_ratio": 2, "layout": "channels_last",
                "aligned": true,
            ], [.rois: boxes]),
        NamedLayer(
            "more samples in a bin than a list", [1, 2, 4, 300],
            ["region": "roi_align", "output_size": [3, 1]], [.rois: wide]),
        NamedLayer(
            "more samples in a bin than a list, channels last", [1, 300, 4, 2],
            ["region": "roi_align", "output_size": [1, 3], "layout": "channels_last"], [.rois: tall]),
        NamedLayer(
            "more samples in all bins than a list", [1, 3, 4, 20],
            ["region": "roi_align", "output_size": [1, 90], "sampling_ratio": 3], [.rois: flat]),
        NamedLayer(
            "more bins than a list", [1, 10, 4, 6],
            ["region": "roi_align", "output_size": [1, 300], "sampling_ratio": 1], [.rois: flat]),
        NamedLayer(
            "samples from right to left", [2, 9, 7, 8],
            ["region": "roi_align", "output_size": [2, 3], "sampling_ratio": 3, "aligned": true], [.rois: boxes]),
        NamedLayer(
            "position sensitive, channels last", [2, 6, 5, 54],
            [
                "region": "roi_align", "output_size": [2, 3], "position_sensitive": true, "sampling_ratio": 2,
                "layout": "channels_last",
            ], [.rois: boxes]),
    ]

    /// Inside, over each edge, wholly outside, inverted, without a size, and on the cells themselves.
    private static let boxes = Tensor(
        [
            0, 1.25, 0.5, 5.75, 4, 1, -3, -2, 2, 3, 0, 4, 3, 14, 12, 1, 30, 30, 40, 44, 1, 5, 4, 1.5, -2, 0, 2, 2, 2, 2,
            1, 0, 0, 4, 4,
        ], shape: [7, 5], .float64)
    private static let wide = Tensor([0, -9.5, 0, 305, 3.5], shape: [1, 5], .float64)
    private static let tall = Tensor([0, 0, -9.5, 2.5, 305], shape: [1, 5], .float64)
    private static let flat = Tensor([0, 0, 0, 19, 1], shape: [1, 5], .float64)

    private static let average = NamedOp.all.filter { $0.op == "avg" && $0.fields.isEmpty }
    private static let largest = NamedOp.all.filter { $0.op == "max" }

    /// Ops over `input`, each with an oracle whose windows are its own.
    private static func requests(
        _ layer: NamedLayer, _ input: Tensor
    ) throws -> [(request: PoolingRequest, op: NamedOp, windows: Oracle)] {
        let windows = try layer.oracle()
        let samples = (average + largest).map { (layer.request($0, input: input), $0, windows) }
        // Each corner of a sample is a cell of its own.
        let corners = largest.map { (layer.request($0, input: input).with("sample_max", "corners"), $0) }
        guard let (first, _) = corners.first else { return samples }
        let cornerWindows = try Oracle(first)
        return samples + corners.map { ($0, $1, cornerWindows) }
    }

    @Test(arguments: layers)
    func `samples agree with the oracle, whatever the slices`(_ layer: NamedLayer) throws {
        for values in [ValueCorpus.normal, .special, .manyTies] {
            let input = GuardedMemory.holding(values.tensor(shape: layer.shape, .float32))
            for (request, op, windows) in try Self.requests(layer, input) {
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(request.brief), \(values)")
                #expect(try request.slicesThatDiffer() == [], "\(request.brief), \(values)")
            }
        }
    }

    @Test(arguments: layers)
    func `gradients of samples agree with the oracle, whatever the slices`(_ layer: NamedLayer) throws {
        for (values, type) in [(ValueCorpus.normal, ElementType.float64), (.manyTies, .float32)] {
            let gradOutput = GuardedMemory.holding(layer.gradOutput(try layer.oracle(), type))
            for (forward, _, windows) in try Self.requests(layer, values.tensor(shape: layer.shape, type)) {
                let backward = forward.backward(gradOutput)
                #expect(try gradientDisagreement(backward, windowsOf: windows) == nil, "\(forward.brief), \(values)")
                #expect(try backward.slicesThatDiffer() == [], "\(forward.brief), \(values)")
            }
        }
    }
}
