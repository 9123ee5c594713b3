import PoolingEngine
import PoolingTestKit
import Testing

/// Planning looks at every number of lists that may be as long as a body, so that a deadline must end it.
@Suite struct StoppedPlanningTests {
    private static let stopped = {
        let cancellation = Cancellation()
        cancellation.cancel()
        return cancellation
    }()

    private static let rows = Tensor(elementType: .float32, shape: [4, 1], zeroed: true)
    private static let picture = Tensor(elementType: .float32, shape: [1, 1, 4, 4], zeroed: true)
    private static let boxes = Tensor([0, 0, 0, 1, 1], shape: [1, 5], .float64)
    private static let two = Tensor([0, 2], shape: [2], .float64)

    private static let requests: [PoolingRequest] = [
        request("max", ["region": "roi", "output_size": 1], input: picture, [.rois: boxes]),
        request("avg", ["region": "roi_align", "output_size": 1], input: picture, [.rois: boxes]),
        request("sum", ["region": "bags"], input: rows, [.offsets: Tensor([0, 2], shape: [2], .int64)]),
        request("sum", ["region": "bags"], input: rows, [.spans: Tensor([0, 2], shape: [1, 2], .int64)]),
        request(
            "sum", ["region": "bags"], input: rows,
            [.members: Tensor([0, 1], shape: [2], .int64), .offsets: Tensor([0], shape: [1], .int64)]),
        request("sum", ["region": "bags"], input: rows, [.offsets: two]),
        request("sum", ["region": "segments"], input: rows, [.segmentIDs: Tensor([0, 0, 0, 0], shape: [4], .int64)]),
        request(
            "sum", ["region": "sequence"], input: Tensor(elementType: .float32, shape: [1, 4, 1], zeroed: true),
            [.lengths: Tensor([2], shape: [1], .int64)]),
        request("max", [:], input: picture, [.footprint: Tensor([1, 1, 1, 1], shape: [2, 2], .uint8)]),
        request("max", [:], input: picture, [.footprint: Tensor([1, 0, 0, 1], shape: [2, 2], .bool)]),
        request("max", ["dims": 1], input: picture, [.footprint: Tensor([1, 0, 1], shape: [3], .bool)]),
        request("max", [:], input: picture, [.structure: Tensor([1, 1, 1, 1], shape: [2, 2], .float32)]),
        request(.forward, ["ops": ["max", "avg"], "kernel": 2], [.input: picture]),
        request(
            .forward, ["layers": [.object([Field("op", "max"), Field("kernel", 2)])]], [.input: picture]),
    ]

    @Test(arguments: requests) func `planning stops when it is told to`(_ request: PoolingRequest) throws {
        _ = try PoolingPlan(request, limits: .roomy)
        #expect(throws: PoolingError.stopped) {
            try PoolingPlan(request, limits: .roomy, cancellation: Self.stopped)
        }
        #expect(throws: PoolingError.stopped) {
            try PlanCache().plan(request, limits: .roomy, cancellation: Self.stopped)
        }
    }
}

extension PoolingError {
    fileprivate static var stopped: PoolingError {
        PoolingError(.stopped, at: "", "the computation was stopped before it was done")
    }
}
