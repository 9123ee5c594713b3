import PoolingEngine
import PoolingTestKit
import Testing

/// Parameters that differ by channel, and their gradients.
@Suite struct LearnableParameterTests {
    static let parameters: [(op: String, name: String, values: [Double])] = [
        ("power_avg", "p", [3, -1.5, 2]), ("lp", "p", [2, 1.5, 3]), ("logsumexp", "r", [1, -0.5, 4]),
        ("softmax", "beta", [1, -2, 0]), ("mixed", "alpha", [0.5, -1, 2]),
    ]

    static let regions: [(name: String, fields: [Field], tensors: [TensorName: Tensor], shape: [Int])] = [
        ("sliding", [Field("kernel", .wholes([2, 2])), Field("stride", 1)], [:], [2, 3, 4, 3]),
        (
            "sliding", [Field("kernel", .wholes([2])), Field("layout", "channels_last"), Field("padding", 1)], [:],
            [2, 4, 3]
        ),
        ("global", [], [:], [2, 3, 3, 2]), ("global", [Field("layout", "NHWC")], [:], [2, 2, 3, 3]),
        ("adaptive", [Field("output_size", 2)], [:], [3, 3, 3]),
        ("pyramid", [Field("levels", .wholes([1, 2]))], [:], [2, 3, 3, 3]),
        ("pyramid", [Field("levels", .wholes([2])), Field("layout", "NHWC")], [:], [2, 3, 3, 3]),
        ("fractional", [Field("kernel", 2), Field("output_size", 2), Field("seed", 5)], [:], [2, 3, 5, 5]),
        (
            "roi", [Field("output_size", 2)],
            [.rois: Tensor([0, 0, 0, 2, 2, 1, 1, 1, 3, 3], shape: [2, 5], .float64)], [2, 3, 4, 4]
        ),
        (
            "roi", [Field("output_size", .wholes([1, 2])), Field("position_sensitive", true)],
            [.rois: Tensor([0, 0, 0, 3, 2], shape: [1, 5], .float64)], [1, 6, 4, 4]
        ),
        ("sequence", [], [.lengths: Tensor(whole: [2, 4], shape: [2])], [2, 4, 3]),
        ("segments", [], [.segmentIDs: Tensor(whole: [1, 0, 1, -1], shape: [4])], [4, 2, 3]),
        ("bags", [], [.spans: Tensor(whole: [0, 3, 1, 4, 2, 2], shape: [3, 2])], [4, 3]),
    ]

    private func made(
        _ region: (name: String, fields: [Field], tensors: [TensorName: Tensor], shape: [Int]), _ op: String
    ) -> PoolingRequest {
        let count = region.shape.reduce(1, *)
        let input = Tensor((0..<count).map { Double($0 * 37 % 101) / 40 + 0.1 }, shape: region.shape, .float64)
        var made = request(op, ["region": .string(region.name)], input: input, region.tensors)
        made.fields += region.fields
        return made
    }

    @Test(arguments: regions.indices)
    func `a list is the same as each channel by itself`(_ region: Int) throws {
        let region = Self.regions[region]
        for (op, name, values) in Self.parameters {
            let all = made(region, op)
            let listed = try all.with(name, .reals(values)).run()[.output]
            let singles = try values.map { try all.with(name, .real($0)).result(.output) }
            let output = try #require(listed)
            let channels = Self.channels(of: output.shape, region)
            for place in 0..<output.count {
                #expect(
                    output.doubles[place] == singles[channels[place]].doubles[place], "\(op) \(region.name) \(place)")
            }
        }
    }

    @Test(arguments: regions.indices)
    func `gradients of parameters agree with finite differences`(_ region: Int) throws {
        let region = Self.regions[region]
        for (op, name, values) in Self.parameters {
            let forward = made(region, op).with(name, .reals(values))
            let count = try forward.result(.output).count
            let incoming = Tensor(
                (0..<count).map { Double($0 % 5) - 1.5 }, shape: try forward.result(.output).shape, .float64)
            let backward = forward.backward(incoming).with("return_grad_parameters", true)
            let gradient = try backward.result(.gradParameters)
            #expect(gradient.shape == [3])
            #expect(gradient.elementType == .float64)
            let step = 0x1p-18
            for channel in values.indices {
                func loss(_ shift: Double) throws -> Double {
                    var moved = values
                    moved[channel] += shift
                    let output = try forward.with(name, .reals(moved)).result(.output)
                    return zip(output.doubles, incoming.doubles).reduce(0) { $0 + $1.0 * $1.1 }
                }
                let measured = try (loss(step) - loss(-step)) / (2 * step)
                #expect(
                    abs(measured - gradient.doubles[channel]) <= 1e-6 * max(1, abs(measured)), "\(op) \(region.name)")
            }
            #expect(try forward.backward(incoming).result(.gradInput).doubles == backward.result(.gradInput).doubles)
        }
    }

    @Test func `the gradient of one number is one number, summed over all channels`() throws {
        let region = Self.regions[0]
        for (op, name, values) in Self.parameters {
            let forward = made(region, op)
            let incoming = Tensor([Double](repeating: 1, count: 36), shape: [2, 3, 3, 2], .float64)
            func gradient(_ value: FieldValue) throws -> Tensor {
                try forward.with(name, value).backward(incoming).with("return_grad_parameters", true)
                    .result(.gradParameters)
            }
            let single = try gradient(.real(values[0]))
            #expect(single.shape == [])
            let listed = try gradient(.reals([values[0], values[0], values[0]]))
            #expect(abs(single.doubles[0] - listed.doubles.reduce(0, +)) <= 1e-12 * abs(single.doubles[0]))
        }
    }

    @Test func `zeros, an infinite p and empty regions add nothing`() throws {
        let zeros = Tensor([0, 0], shape: [2], .float64)
        let infinite = request(
            "lp", ["region": "global", "p": "Infinity"], input: Tensor([3, 1], shape: [2], .float64))
        let empty = request(
            "logsumexp", ["region": "sequence"], input: Tensor([1, 2], shape: [1, 2, 1], .float64),
            [.lengths: Tensor(whole: [0], shape: [1])])
        for (forward, shape) in [
            (request("lp", ["region": "global"], input: zeros), [1]), (infinite, [1]), (empty, [1, 1]),
        ] {
            let backward = forward.backward(Tensor([1], shape: shape, .float64)).with("return_grad_parameters", true)
            #expect(try backward.result(.gradParameters).doubles == [0])
        }
    }

    @Test func `lists of another length, without channels, and ops without parameters are rejected`() {
        let plane = Tensor([1, 2, 3, 4], shape: [2, 2])
        let single = request("power_avg", ["region": "global"], input: plane)
        #expect(single.with("p", [2, 3]).rejection?.reason == .unsupportedCombination)
        let channels = request("power_avg", ["region": "global"], input: Tensor([1, 2, 3, 4], shape: [1, 2, 2]))
        #expect(channels.with("p", [2, 3]).rejection?.reason == .wrongLength)
        #expect(channels.with("p", []).rejection?.reason == .wrongLength)
        #expect(channels.with("p", [0]).rejection?.field == "p/0")
        let gradient = request("max", ["region": "global"], input: plane).backward(Tensor([1], shape: [1, 1]))
        #expect(gradient.with("return_grad_parameters", true).rejection?.reason == .unusedField)
        let signed = request("lp", ["region": "global", "signed": true], input: plane).backward(
            Tensor([1], shape: [1, 1]))
        #expect(signed.with("return_grad_parameters", true).rejection?.reason == .unsupportedCombination)
    }

    /// The channel of each element of an output.
    private static func channels(
        of shape: [Int], _ region: (name: String, fields: [Field], tensors: [TensorName: Tensor], shape: [Int])
    ) -> [Int] {
        let count = shape.reduce(1, *)
        let isLast =
            region.fields.contains { $0.name == "layout" } || ["sequence", "segments", "bags"].contains(region.name)
        if region.name == "pyramid" {
            let perSample = shape[shape.count - 1]
            return (0..<count).map { place in
                let inSample = place % perSample
                if isLast { return inSample % 3 }
                return inSample < 3 ? inSample : (inSample - 3) / 4
            }
        }
        let step = isLast ? 1 : shape.dropFirst(region.name == "adaptive" ? 1 : 2).reduce(1, *)
        return (0..<count).map { $0 / step % 3 }
    }
}
