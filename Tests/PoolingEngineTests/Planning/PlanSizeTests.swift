import CMalloc
import Glibc
import PoolingTestKit
import RecycledMemory
import Testing

@testable import PoolingEngine

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
    private static func size(_ request: PoolingRequest) throws -> Int { try measured(request).size }

    /// Bytes that a plan keeps, and as many as it says.
    private static func measured(_ request: PoolingRequest) throws -> (size: Int, counted: Int) {
        let limits = PoolingPlan.Limits(resultByteCount: 1 << 40, work: .max)
        // What is made once is there already.
        _ = try PoolingPlan(request, limits: limits)
        let before = bytesInUse()
        let plan = try PoolingPlan(request, limits: limits)
        return withExtendedLifetime(plan) { (bytesInUse() - before, plan.cost.planByteCount) }
    }

    /// Requests of a few kilobytes whose plans are large.
    private static func largePlans() throws -> [(name: String, request: PoolingRequest)] {
        func zeros(_ shape: [Int]) throws -> Tensor { try Tensor(allocating: .float32, shape: shape, zeroed: true) }
        let (row, levels) = (try zeros([1, 900]), FieldValue.wholes(Array(repeating: 800, count: 999)))
        let wide: Fields = ["op": "logsumexp", "kernel": [1, 961], "padding": [0, 960], "stride": 1]
        let several = (0..<16).map { FieldValue.object([Field("op", "logsumexp"), Field("r", .real(1 + Double($0)))]) }
        let block: [FieldValue] = [
            .object(
                [Field("ops", .list(several)), Field("combine", "concat"), Field("padding", "same")]
                    + [Field("kernel", [1, 64]), Field("stride", 1)]),
            .object([Field("op", "max"), Field("axes", [0]), Field("kernel", [16])]),
        ]
        return [
            ("columns", request(.forward, wide, [.input: try zeros([1, 1, 64])])),
            (
                "layers of several ops",
                request(
                    .forward, ["layers": .list((0..<32).flatMap { _ in block })], [.input: try zeros([1, 1, 1024])])
            ),
            (
                "a spread gradient",
                request(
                    .backward,
                    ["op": "avg", "dims": 1, "kernel": 131_065, "stride": 2, "input_shape": [131_072]],
                    [.gradOutput: try zeros([4])])
            ),
            ("levels", request("max", ["region": "pyramid", "dims": 1, "levels": levels], input: row)),
            (
                "levels, backward",
                request("logsumexp", ["region": "pyramid", "dims": 1, "levels": levels], input: row)
                    .backward(try zeros([799_200]))
            ),
            (
                "small levels",
                request(
                    "max", ["region": "pyramid", "dims": 1, "levels": .wholes(Array(repeating: 2, count: 999))],
                    input: try zeros([1, 2]))
            ),
            (
                "weights in half precision",
                request(
                    "weighted", ["kernel": [1_048_576]], input: try zeros([1, 1 << 20]),
                    [.weights: try Tensor(allocating: .float16, shape: [1 << 20], zeroed: true)])
            ),
        ]
    }

    /// Plans of all kinds, small ones included.
    private static func otherPlans() throws -> [(name: String, request: PoolingRequest)] {
        func zeros(_ shape: [Int]) throws -> Tensor { try Tensor(allocating: .float32, shape: shape, zeroed: true) }
        let (small, planes) = (try zeros([4, 4]), try zeros([1, 128, 4, 4]))
        let square = try zeros([1, 2, 60, 60])
        let same: Fields = ["kernel": 5, "stride": 1, "padding": "same"]
        var plans: [(String, PoolingRequest)] = []
        for op in ["max", "avg", "median", "softmax", "variance", "first"] {
            plans.append(("small \(op)", request(op, ["kernel": 2], input: small)))
            plans.append(("stacked \(op)", request(op, ["kernel": 2], input: planes)))
            plans.append(("\(op)", request(op, same, input: square)))
            plans.append(("\(op), backward", request(op, same, input: square).backward(square)))
        }
        let bounds = FieldValue.list([.wholes(Array(0...899))])
        plans += [
            ("divisors", request("avg", ["kernel": [50, 3], "stride": 1, "padding": [49, 1]], input: square)),
            (
                "one number per channel",
                request(
                    "lp", ["region": "global", "dims": 1, "p": .list(Array(repeating: 3, count: 5000))],
                    input: try zeros([5000, 1]))
            ),
            (
                "boundaries",
                request("avg", ["region": "fractional", "dims": 1, "boundaries": bounds], input: try zeros([1, 900]))
            ),
            (
                "bins",
                request("avg", ["region": "adaptive", "output_size": [700, 300]], input: try zeros([1, 800, 800]))
            ),
            (
                "a long row in pieces",
                request(
                    "max", ["kernel": [1, 99], "stride": [1, 3], "padding": [0, 49]], input: try zeros([1, 2, 90_000]))
            ),
            (
                "weights",
                request(
                    "weighted", ["kernel": [3001], "stride": 1, "padding": [1500]], input: try zeros([4, 9000]),
                    [.weights: try zeros([3001])])
            ),
            (
                "lengths",
                request(
                    "first", ["region": "sequence"], input: try zeros([3000, 2, 4]),
                    [.lengths: Tensor(whole: Array(repeating: 1, count: 3000), shape: [3000])])
            ),
            (
                "layers",
                request(
                    .forward,
                    ["layers": .list(Array(repeating: .object([Field("op", "max"), Field("kernel", 1)]), count: 64))],
                    [.input: small])
            ),
        ]
        return plans
    }

    @Test func `a plan keeps no more than its cost says`() async {
        await #expect(processExitsWith: .success) {
            for (name, request) in try PlanSizeTests.largePlans() + PlanSizeTests.otherPlans() {
                let (size, counted) = try PlanSizeTests.measured(request)
                #expect(size <= counted, "\(name): \(size) bytes, counted as \(counted)")
            }
            for sample in try PlanSizeTests.samples() {
                let (size, counted) = try PlanSizeTests.measured(sample.few)
                #expect(size <= counted, "\(sample.name): \(size) bytes, counted as \(counted)")
            }
        }
    }

    @Test func `a plan of an ordinary layer counts as little`() throws {
        let image = try Tensor(allocating: .float32, shape: [1, 64, 112, 112], zeroed: true)
        for op in ["max", "avg", "softmax"] {
            let layer = request(op, ["kernel": 3, "stride": 2, "padding": 1], input: image)
            let limits = PoolingPlan.Limits(resultByteCount: 1 << 40, planByteCount: 64 << 10)
            #expect(try PoolingPlan(layer, limits: limits).cost.planByteCount > 0)
        }
        let small = request("max", ["kernel": 2], input: Tensor([1, 2, 3, 4], shape: [2, 2]))
        #expect(try PoolingPlan(small, limits: .roomy).cost.planByteCount <= 6 << 10)
    }

    @Test func `a plan over the limit is rejected before it is made`() async {
        await #expect(processExitsWith: .success) {
            let plans = try PlanSizeTests.largePlans()
            let limits = PoolingPlan.Limits(resultByteCount: 1 << 40, work: .max, planByteCount: 200 << 10)
            func reason(_ request: PoolingRequest) -> PoolingError.Reason? {
                do {
                    _ = try PoolingPlan(request, limits: limits)
                    return nil
                } catch {
                    return error.reason
                }
            }
            for plan in plans { _ = reason(plan.request) }
            try PlanSizeTests.limitMemory(to: 1 << 20)
            for plan in plans { #expect(reason(plan.request) == .planTooLarge, "\(plan.name)") }
        }
    }

    @Test func `plans of ops and layers add up`() throws {
        let input = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
        let layer = FieldValue.object([Field("op", "max"), Field("kernel", 1)])
        func counted(_ fields: Fields) throws -> Int {
            try PoolingPlan(request(.forward, fields, [.input: input]), limits: .roomy).cost.planByteCount
        }
        let one = try counted(["layers": [layer]]) - PlanSize.plan
        #expect(try counted(["layers": .list(Array(repeating: layer, count: 64))]) == 64 * one + PlanSize.plan)
        let op = try counted(["ops": ["max"], "kernel": 1]) - PlanSize.plan
        #expect(try counted(["ops": ["max", "max", "max"], "kernel": 1]) == 3 * op + PlanSize.plan)
        let both = FieldValue.object([Field("ops", ["max", "max"]), Field("combine", "concat"), Field("kernel", 1)])
        #expect(try counted(["layers": [both]]) == 2 * op + PlanSize.plan)
        let gradient = request(.forward, ["layers": [layer, layer]], [.input: input]).backward(input)
        let least = try PoolingPlan(gradient, limits: .roomy).cost.planByteCount
        var limits = PoolingPlan.Limits.roomy
        limits.planByteCount = least - PlanSize.plan
        #expect(throws: Never.self) { try PoolingPlan(gradient, limits: limits) }
        limits.planByteCount -= 1
        let rejection = #expect(throws: PoolingError.self) { try PoolingPlan(gradient, limits: limits) }
        #expect(rejection?.reason == .planTooLarge)
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

    /// Of the input of a chain, and of what each of its layers gives.
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
