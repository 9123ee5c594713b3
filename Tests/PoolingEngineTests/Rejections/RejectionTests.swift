import PoolingEngine
import PoolingTestKit
import Testing

/// Requests that cannot be done, and what is blamed.
@Suite struct RejectionTests {
    private func rejection(_ op: String, _ fields: Fields, _ input: Tensor = sixteen) throws -> PoolingError {
        try #require(request(op, fields, input: input).rejection)
    }

    @Test(arguments: [
        BadRequest("max", [:], .missingField, "kernel"),
        BadRequest("mx", ["kernel": 2], .unknownOp, "op"),
        BadRequest("max", ["kernel": 2, "region": "slidin"], .unknownRegion, "region"),
        BadRequest("max", ["kernel": 0], .outOfRange, "kernel"),
        BadRequest("max", ["kernel": [2, -2]], .outOfRange, "kernel/1"),
        BadRequest("max", ["kernel": 5], .kernelTooLarge, "kernel"),
        BadRequest("max", ["kernel": 7, "padding": 1], .kernelTooLarge, "kernel"),
        BadRequest("max", ["kernel": 2, "stride": 0], .outOfRange, "stride"),
        BadRequest("max", ["kernel": 2, "padding": -1], .outOfRange, "padding"),
        BadRequest("max", ["kernel": 2, "padding": "sme"], .unknownValue, "padding"),
        BadRequest("max", ["kernel": 2, "padding": 2], .emptyWindow, "padding"),
        BadRequest("max", ["kernel": [2, 2], "stride": [1]], .wrongLength, "stride"),
        BadRequest("max", ["kernel": 2, "ceil_mode": 3], .wrongType, "ceil_mode"),
        BadRequest("avg", ["kernel": 2, "divisor_override": 0], .outOfRange, "divisor_override"),
        BadRequest("lp", ["kernel": 2, "p": 0], .outOfRange, "p"),
        BadRequest("logsumexp", ["kernel": 2, "r": 0], .outOfRange, "r"),
        BadRequest("stochastic", ["kernel": 2], .missingField, "seed"),
        BadRequest("stochastic", ["kernel": 2, "seed": 1.5], .wrongType, "seed"),
        BadRequest("max", ["region": "adaptive", "output_size": 0], .outOfRange, "output_size"),
        BadRequest("max", ["kernel": 2, "axes": [0, 1], "layout": "channels_last"], nil, "layout"),
        BadRequest("max", ["kernel": 2, "axes": [0, 1], "dims": 2], nil, "dims"),
        BadRequest("max", ["kernel": 2, "padding": 4, "padding_mode": "reflect"], nil, "padding"),
        BadRequest("max", ["kernel": 2, "padding": 5, "padding_mode": "circular"], nil, "padding"),
        BadRequest("max", ["kernel": 2, "padding": 5, "padding_mode": "symmetric"], .outOfRange, "padding"),
        BadRequest("max", ["kernel": [2, 2], "padding_mode": ["zeros"]], .wrongLength, "padding_mode"),
        BadRequest("max", ["kernel": 2, "padding_mode": ["zeros", "edge"]], .unknownValue, "padding_mode/1"),
        BadRequest("max", ["kernel": 2, "padding_mode": []], .wrongLength, "padding_mode"),
        BadRequest("max", ["kernel": 2, "padding_value": 3], .unusedField, "padding_value"),
        BadRequest(
            "max", ["kernel": 2, "padding_mode": "constant", "padding_value": 1e39], .notRepresentable, "padding_value"),
    ])
    func `the field at fault is blamed`(_ bad: BadRequest) throws {
        var asked = request(bad.op, [:], input: sixteen)
        asked.fields += bad.fields
        let rejection = try #require(asked.rejection)
        #expect(rejection.field.hasPrefix(bad.field), "\(rejection)")
        if let reason = bad.reason { #expect(rejection.reason == reason, "\(rejection.detail)") }
    }

    struct BadRequest: Sendable {
        let op: String
        let fields: [Field]
        let reason: PoolingError.Reason?
        let field: String

        init(_ op: String, _ fields: Fields, _ reason: PoolingError.Reason?, _ field: String) {
            self.op = op
            self.fields = [Field](fields)
            self.reason = reason
            self.field = field
        }
    }

    @Test func `an unknown field is named with the nearest known one`() throws {
        let rejection = try rejection("max", ["kernel": 2, "kernle": 3])
        #expect(rejection.reason == .unknownField)
        #expect(rejection.field == "kernle")
        #expect(rejection.detail.contains("kernel"))
    }

    @Test(
        arguments: [
            ("max", "q", 0.25), ("avg", "nan", "ignore"), ("max", "count_include_pad", true),
            ("max", "levels", [1]), ("sum", "index_base", "tensor"), ("max", "seed", 1),
        ] as [(String, String, FieldValue)])
    func `a known field without a place here is rejected`(
        _ op: String, _ name: String, _ value: FieldValue
    ) throws {
        let rejection = try #require(request(op, ["kernel": 2], input: sixteen).with(name, value).rejection)
        #expect(rejection.reason == .unusedField)
        #expect(rejection.field == name)
    }

    @Test(
        arguments: [
            ("avg", "divisor_override", 3, "count_include_pad", true),
            ("avg", "padding_mode", "zeros", "count_include_pad", false),
            ("max", "nan", "ignore", "index_base", "plane"),
            ("max", "nan", "ignore", "index_order", "row_major"),
        ] as [(String, String, FieldValue, String, FieldValue)])
    func `fields that may have no effect are allowed`(
        _ op: String, _ first: String, _ value: FieldValue, _ second: String, _ other: FieldValue
    ) throws {
        #expect(request(op, ["kernel": 2], input: sixteen).with(first, value).with(second, other).rejection == nil)
    }

    @Test func `a spatial size of none is rejected, a batch of none is not`() throws {
        let flat = Tensor([Double](), shape: [1, 0, 4])
        #expect(request("max", ["kernel": [1, 1]], input: flat).rejection != nil)
        let batch = Tensor([Double](), shape: [0, 1, 4, 4])
        #expect(try request("max", ["kernel": [2, 2]], input: batch).result(.output).shape == [0, 1, 2, 2])
    }

    @Test func `a kernel of more cells than can be counted is rejected`() throws {
        let input = Tensor([1], shape: [Int](repeating: 1, count: 42))
        let rejection = try #require(request("avg", ["kernel": 3, "padding": 1, "dims": 40], input: input).rejection)
        #expect(rejection.reason == .outOfRange)
        #expect(rejection.field == "kernel")
    }

    @Test(arguments: [([1], [3, 4, 0]), ([0], [4, 0]), ([2, 0], [4, 0, 4]), ([-2], [2, 2, 0])])
    func `an axis of none behind a named one is rejected`(_ axes: [Int], _ shape: [Int]) throws {
        let named = FieldValue.list(axes.map { .whole($0) })
        let asked = request("max", ["region": "global", "axes": named], input: Tensor([Double](), shape: shape))
        let rejection = try #require(asked.rejection)
        #expect(rejection.reason == .outOfRange)
        #expect(rejection.field == "input")
    }

    @Test func `an axis of none before the named ones is a batch of none`() throws {
        let asked = request(
            "max", ["kernel": [2, 2], "axes": [1, 3]], input: Tensor([Double](), shape: [0, 4, 3, 4]))
        #expect(try asked.result(.output).shape == [0, 2, 3, 2])
    }

    @Test(arguments: [Int.max, Int.max / 2, 1 << 40])
    func `numbers that would overflow are rejected, not computed`(_ size: Int) throws {
        for field in ["kernel", "stride", "padding", "dilation"] {
            let asked = request("max", ["kernel": 2], input: sixteen).with(field, .whole(size)).with(
                "padding_mode", "zeros")
            // A stride that leaves one window is fine.
            if field != "stride" { #expect(asked.rejection != nil, "\(field)") }
        }
        #expect(request("max", ["region": "adaptive", "output_size": .whole(size)], input: sixteen).rejection != nil)
        #expect(request("max", ["region": "pyramid", "levels": [.whole(size)]], input: sixteen).rejection != nil)
    }

    @Test func `an input shape that would overflow is rejected`() throws {
        let huge = FieldValue.wholes([1 << 32, 1 << 32, 1 << 32])
        let asked = request(.backward, ["op": "avg", "kernel": [1, 1], "input_shape": huge], [.gradOutput: sixteen])
        #expect(asked.rejection != nil)
    }

    @Test func `a result over the limit is rejected before it is computed`() throws {
        let asked = request("max", ["region": "adaptive", "output_size": [64, 64]], input: sixteen)
        #expect(throws: PoolingError.self) { try PoolingPlan(asked, limits: .init(resultByteCount: 1000)) }
    }
}

/// Indices that come from outside must never lead out of the gradient.
@Suite struct IndexRejectionTests {
    private func backward(_ indices: [Int64], _ fields: Fields = [:]) -> PoolingRequest {
        var asked = request(
            .backward, ["op": "max", "kernel": [2, 2], "input_shape": [4, 4]],
            [
                .gradOutput: Tensor([1, 2, 3, 4], shape: [2, 2]), .indices: Tensor(whole: indices, shape: [2, 2]),
            ])
        asked.fields += [Field](fields)
        return asked
    }

    @Test(arguments: [Int64(16), -2, .max, .min])
    func `an index beyond the plane is rejected`(_ index: Int64) {
        #expect(backward([5, 7, index, 15]).rejection?.reason == .indexOutOfRange)
    }

    @Test func `-1 adds nothing`() throws {
        #expect(try backward([-1, -1, -1, 15]).result(.gradInput).realElements == Array(repeating: 0, count: 15) + [4])
    }

    @Test func `an offset beyond the kernel is rejected`() {
        #expect(backward([0, 1, 2, 4], ["index_base": "window"]).rejection?.reason == .indexOutOfRange)
    }

    @Test func `a tensor index of another plane is rejected`() {
        let asked = request(
            .backward, ["op": "max", "kernel": [2], "input_shape": [2, 2], "index_base": "tensor"],
            [
                .gradOutput: Tensor([1, 2], shape: [2, 1]), .indices: Tensor(whole: [4, 0], shape: [2, 1]),
            ])
        #expect(asked.rejection?.reason == .indexOutOfRange)
    }

    @Test func `a dilated window that touches only padding is rejected, not given an index outside`() throws {
        // Both taps of the only dilated window straddle the input: PyTorch responds with an index outside of the plane, and
        // its backward then writes outside of the gradient.
        let input = Tensor([1, 2, 3, 4], shape: [2, 2])
        let fields: Fields = ["kernel": [2, 2], "padding": 1, "dilation": 3, "return_indices": true]
        let asked = request("max", fields, input: input)
        #expect(asked.rejection?.reason == .emptyWindow)
        #expect(asked.backward(Tensor([1], shape: [1, 1])).rejection?.reason == .emptyWindow)
    }

    @Test func `shapes that do not belong together are rejected`() {
        let wrong = request("avg", ["kernel": [2, 2]], input: sixteen).backward(Tensor([1, 2], shape: [1, 2]))
        #expect(wrong.rejection?.reason == .shapeMismatch)
    }
}
