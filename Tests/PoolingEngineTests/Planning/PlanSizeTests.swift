import CMalloc
import Glibc
import PoolingEngine
import PoolingTestKit
import RecycledMemory
import Testing

@Suite struct PlanSizeTests {
    /// One layer, over few outputs and over ten million.
    private struct Sample {
        let name: String
        let few: PoolingRequest
        let many: PoolingRequest
    }

    private static let fewSides = [1, 2, 5, 5]
    private static let manySides = [1, 10, 1000, 1000]

    private static func samples() throws -> [Sample] {
        func zeros(_ shape: [Int]) throws -> Tensor { try Tensor(allocating: .float16, shape: shape) }
        let (few, many) = (try zeros(fewSides), try zeros(manySides))
        let (planes, column) = (try zeros([1, 10_000_000, 1, 1]), try zeros([1, 1, 10_000_000, 1]))
        func box(_ side: Double) -> [TensorName: Tensor] { [.rois: Tensor([0, 0, 0, side, side], shape: [1, 5])] }
        func rows(of count: Int) -> Fields {
            ["layout": "channels_last", "region": "adaptive", "output_size": [1, .whole(count)]]
        }
        func sample(
            _ name: String, _ fields: (_ side: Int) -> Fields,
            _ tensors: (_ side: Double) -> [TensorName: Tensor] = { _ in [:] }
        ) -> Sample {
            Sample(
                name: name, few: request("max", fields(4), input: few, tensors(4)),
                many: request("max", fields(999), input: many, tensors(999)))
        }
        let sliding = sample("sliding") { _ in ["kernel": 3, "stride": 1, "padding": 1] }
        return [
            sliding,
            Sample(name: "sliding, backward", few: sliding.few.backward(few), many: sliding.many.backward(many)),
            sample("sliding, far apart") { _ in
                ["kernel": 3, "dilation": 2, "padding": 2, "stride": 1, "padding_mode": "zeros"]
            },
            sample("adaptive") { ["region": "adaptive", "output_size": .whole($0)] },
            sample("fractional") { ["region": "fractional", "kernel": 2, "output_size": .whole($0), "seed": 7] },
            sample("pyramid") { ["region": "pyramid", "levels": [.whole($0)]] },
            sample("roi") {
                ["region": "roi", "output_size": .whole($0)]
            } _: {
                box($0)
            },
            sample("roi_align") {
                ["region": "roi_align", "output_size": .whole($0), "sampling_ratio": 1]
            } _: {
                box($0)
            },
            Sample(
                name: "a long axis", few: request("max", ["kernel": [3, 1], "stride": 1], input: few),
                many: request("max", ["kernel": [3, 1], "stride": 1], input: column)),
            Sample(
                name: "a long axis, adaptive",
                few: request("avg", ["region": "adaptive", "output_size": [4, 1]], input: few),
                many: request("avg", ["region": "adaptive", "output_size": [9_999_999, 1]], input: column)),
            Sample(
                name: "global", few: request("max", ["region": "global"], input: few),
                many: request("max", ["region": "global"], input: planes)),
            Sample(
                name: "windows that nearly all cover each cell, backward",
                few: request(
                    .backward, ["op": "sum", "kernel": [3], "stride": 2, "input_shape": [9]],
                    [.gradOutput: try zeros([4])]),
                many: request(
                    .backward, ["op": "sum", "kernel": [128_074], "stride": 2, "input_shape": [131_072]],
                    [.gradOutput: try zeros([1500])])),
            Sample(
                name: "terms, a long axis, backward",
                few: request("softmax", ["region": "adaptive", "output_size": [4, 1]], input: few)
                    .backward(try zeros([1, 2, 4, 1])),
                many: request("softmax", ["region": "adaptive", "output_size": [4000, 1]], input: column)
                    .backward(try zeros([1, 1, 4000, 1]))),
            Sample(
                name: "terms, rows longer than those of the input",
                few: request("softmax", rows(of: 4), input: few),
                many: request("softmax", rows(of: 16_384), input: try zeros([1, 128, 1, 4096]))),
        ]
    }

    private static func bytesInUse() -> Int {
        let info = mallinfo2()
        return info.uordblks + info.hblkhd
    }

    /// Bytes that a plan keeps.
    private static func size(_ request: PoolingRequest) throws -> Int {
        let limits = PoolingPlan.Limits(resultByteCount: 1 << 40, work: .max)
        // What is made once is there already.
        _ = try PoolingPlan(request, limits: limits)
        let before = bytesInUse()
        let plan = try PoolingPlan(request, limits: limits)
        return withExtendedLifetime(plan) { bytesInUse() - before }
    }

    /// Row kernels list up to 2^14 rows of windows; a table of ten million outputs would be larger than this.
    private static let largestPlan = 2 << 20

    @Test func `a plan for ten million outputs takes two megabytes at most, and no more while it is made`() async {
        // In a process of its own, where no other test allocates, and where a table would find no room.
        await #expect(processExitsWith: .success) {
            let samples = try PlanSizeTests.samples()
            for sample in samples { _ = try PlanSizeTests.size(sample.few) }
            try PlanSizeTests.limitMemory(to: 8 << 20)
            for sample in samples {
                let size = try PlanSizeTests.size(sample.many)
                #expect(size <= PlanSizeTests.largestPlan, "\(sample.name): \(size) bytes")
            }
        }
    }

    /// Of the input of a chain, and of what each of its layers answers.
    private static let chainTensorByteCount = 512 << 10

    /// A chain of equal layers.
    private static func chain(layers count: Int, returning returned: Int = 0) throws -> (PoolingPlan, Operands) {
        let layer = [Field("op", "max"), Field("kernel", 3), Field("stride", 1), Field("padding", 1)]
        let layers = (0..<count).map { FieldValue.object(layer + [Field("return_output", .bool($0 < returned))]) }
        let input = try Tensor(allocating: .float32, shape: [1, 1, 256, 512], zeroed: true)
        let chain = request(.forward, ["layers": .list(layers)], [.input: input])
        let limits = PoolingPlan.Limits(resultByteCount: 1 << 40, work: .max)
        return (try PoolingPlan(chain, limits: limits), try Operands(chain))
    }

    @Test func `a chain reserves two layers' tensors and those that it returns, however long it is`() throws {
        let tensor = Self.chainTensorByteCount
        for count in [3, 64] {
            let cost = try Self.chain(layers: count).0.cost
            #expect(cost.resultByteCount == tensor)
            #expect(cost.scratchByteCount == 2 * tensor)
        }
        #expect(try Self.chain(layers: 64, returning: 5).0.cost.resultByteCount == 6 * tensor)
    }

    @Test func `a chain takes no more than it reserves`() async {
        await #expect(processExitsWith: .success) {
            let (short, input) = try PlanSizeTests.chain(layers: 3)
            _ = try short.execute(input)
            let (plan, operands) = try PlanSizeTests.chain(layers: 16)
            try PlanSizeTests.limitMemory(to: 8 * PlanSizeTests.chainTensorByteCount)
            _ = try plan.execute(operands)
        }
    }

    /// Lets the process take no more than so many bytes more than it has.
    private static func limitMemory(to byteCount: Int) throws {
        var usage = rlimit()
        let pages = try #require(mappedPages())
        let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
        #expect(getrlimit(resource, &usage) == 0)
        usage.rlim_cur = rlim_t(pages * Int(getpagesize()) + byteCount)
        #expect(setrlimit(resource, &usage) == 0)
    }

    /// Pages of the process's address space.
    private static func mappedPages() -> Int? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        return Int(strtol(line, nil, 10))
    }
}
