import PoolingTestKit
import Synchronization
import Testing

@testable import PoolingEngine

/// Where work is cut for several threads: cut elsewhere, results are the same, but two threads take longer than one.
@Suite struct WorkUnitsTests {
    @Test(arguments: [(samples: 4, threads: 2), (samples: 2, threads: 2), (samples: 8, threads: 3)])
    func `planes that are side by side stay together where there are samples for all threads`(
        _ samples: Int, _ threads: Int
    ) {
        let cut = WorkUnits(count: samples * 64, group: 16, row: 64).cut(into: 4 * threads, threads: threads)
        #expect(cut.group == 64)
    }

    @Test(arguments: [(samples: 1, threads: 2), (samples: 3, threads: 2), (samples: 2, threads: 4)])
    func `planes that are side by side are cut into no more parts than there are threads where samples are few`(
        _ samples: Int, _ threads: Int
    ) {
        let cut = WorkUnits(count: samples * 64, group: 16, row: 64).cut(into: 4 * threads, threads: threads)
        #expect(cut.group == 16)
        #expect(cut.slices == threads)
    }

    @Test func `planes that are far apart are cut anywhere`() {
        let cut = WorkUnits(count: 256, group: 1).cut(into: 8, threads: 2)
        #expect(cut.group == 1)
        #expect(cut.slices == 8)
    }

    @Test(arguments: ["channels_first", "channels_last"], ["roi", "roi_align"])
    func `gradients of boxes are divided by the samples that they lie in`(_ layout: String, _ region: String) throws {
        let shape = layout == "channels_first" ? [4, 32, 40, 40] : [4, 40, 40, 32]
        let rois = (0..<64).flatMap { (box: Int) -> [Double] in [Double(box % 4), 3, 4, Double(20 + box / 4), 28] }
        let layer = NamedLayer(
            "boxes", shape, ["region": .string(region), "output_size": [7, 7], "layout": .string(layout)],
            [.rois: Tensor(rois, shape: [64, 5], .float64)])
        let op = try #require(NamedOp.all.first { $0.op == "avg" })
        let input = ValueCorpus.normal.tensor(shape: shape, .float32)
        let output = try layer.request(op, input: input).result(.output)
        let request = layer.request(op, input: input).backward(output)
        let counts = Mutex<[Int]>([])
        let workspace = Workspace(threads: 2) { count, body in
            counts.withLock { $0.append(count) }
            (0..<count).forEach(body)
        }
        let parts = try PoolingPlan(request, limits: .roomy).execute(Operands(request), in: workspace)
        #expect(counts.withLock { $0 } == [4])
        #expect(try parts[.gradInput]?.rawBytes == request.result(.gradInput).rawBytes)
    }
}
