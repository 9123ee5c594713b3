import PoolingEngine
import PoolingTestKit

/// The cases over which ops are compared: planes of a ResNet, boxes on them, and sentences.
enum RegionSamples {
    static var all: [RegionSample] {
        [
            planes("sliding", "sliding", ["kernel": [3, 3], "stride": 2, "padding": 1], weights: [3, 3]),
            planes("sliding 2x2", "sliding", ["kernel": [2, 2]], weights: [2, 2]),
            planes("global", "global", ["dims": 2], weights: [side, side]),
            planes("adaptive", "adaptive", ["output_size": [7, 7]]),
            planes("fractional", "fractional", ["kernel": [2, 2], "output_size": [28, 28], "seed": 1]),
            planes("pyramid", "pyramid", ["levels": [1, 2, 4]]),
            planes("roi", "roi", ["output_size": [7, 7]], [.rois: boxes]),
            planes("roi_align", "roi_align", ["output_size": [7, 7], "sampling_ratio": 2], [.rois: boxes]),
            sequence, segments,
        ]
    }

    private static let side = 56
    private static let batch = 4

    private static func planes(
        _ name: String, _ region: String, _ fields: Fields, _ tensors: [TensorName: Tensor] = [:], weights: [Int] = []
    ) -> RegionSample {
        RegionSample(
            name: name, regionName: region, shape: [batch, 64, side, side], hasLayout: true,
            fields: [Field("region", .string(region))] + [Field](fields), tensors: tensors, weightShape: weights)
    }

    private static var sequence: RegionSample {
        let lengths = (0..<16).map { Int64(64 + 12 * $0) }
        return rows("sequence", [16, 256, 384], [:], [.lengths: Tensor(whole: lengths, shape: [16])], weights: [256])
    }

    private static var segments: RegionSample {
        var generator = SplitMix64(seed: 3)
        let ids = (0..<8192).map { _ in Int64(generator.whole(0...511)) }
        return rows(
            "segments", [8192, 128], ["segments": 512], [.segmentIDs: Tensor(whole: ids, shape: [8192])],
            weights: [8192])
    }

    private static func rows(
        _ region: String, _ shape: [Int], _ fields: Fields, _ tensors: [TensorName: Tensor], weights: [Int]
    ) -> RegionSample {
        RegionSample(
            name: region, regionName: region, shape: shape, hasLayout: false,
            fields: [Field("region", .string(region))] + [Field](fields), tensors: tensors, weightShape: weights)
    }

    /// Sixteen boxes a plane, from a tenth of its side up.
    private static let boxes: Tensor = {
        var generator = SplitMix64(seed: 2)
        let rows = (0..<16 * batch).flatMap { box in
            let corner = (0..<2).map { _ in Double.random(in: 0..<40, using: &generator) }
            let extent = (0..<2).map { _ in Double.random(in: 6..<16, using: &generator) }
            return [Double(box % batch), corner[0], corner[1], corner[0] + extent[0], corner[1] + extent[1]]
        }
        return Tensor(rows, shape: [16 * batch, 5], .float64)
    }()
}
