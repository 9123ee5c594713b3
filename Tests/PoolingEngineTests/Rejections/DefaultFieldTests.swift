import PoolingTestKit
import Testing

@testable import PoolingEngine

/// A field that only says its default is accepted everywhere, since generated clients send defaults.
@Suite struct DefaultFieldTests {
    /// Every documented default, as a client sends it that fills in whatever the schema names.
    private static let defaults = (FieldNames.common + FieldNames.indexing + PoolingCatalog.parameters)
        .filter { $0.standard != .null }.map { Field($0.name, $0.standard) }

    @Test(arguments: defaults.filter { $0.name != "region" })
    func `a default is accepted by an op that has no place for it`(_ field: Field) throws {
        for op in ["sum", "max"] {
            var asked = request(op, ["kernel": 2], input: sixteen)
            // Two ops may give one name two defaults, of which this op's own counts.
            asked.fields.append(field)
            let result = try asked.result(.output)
            #expect(
                result.realElements == (try request(op, ["kernel": 2], input: sixteen).result(.output)).realElements)
        }
    }

    @Test(arguments: PoolingRequest.Endpoint.allCases)
    func `all defaults at once change nothing`(_ endpoint: PoolingRequest.Endpoint) throws {
        let fields = Dictionary(Self.defaults.map { ($0.name, $0) }) { first, _ in first }.values
        let small = Tensor([1, 2, 3, 4], shape: [2, 2])
        let places = Tensor(whole: [0, 2, 8, 10], shape: [2, 2])
        var asked =
            switch endpoint {
            case .forward: request("max", ["kernel": 2], input: sixteen)
            case .backward: request("max", ["kernel": 2], input: sixteen).backward(small)
            case .unpool: request(.unpool, ["kernel": 2], [.input: small, .indices: places])
            }
        let plain = try asked.result(endpoint == .backward ? .gradInput : .output)
        asked.fields += fields
        #expect(try asked.result(endpoint == .backward ? .gradInput : .output).realElements == plain.realElements)
    }

    @Test func `defaults are accepted in shape queries, stacks and gradients of unpooling`() throws {
        let fields = Dictionary(Self.defaults.map { ($0.name, $0) }) { first, _ in first }.values
        let layer = [Field("op", .string("sum")), Field("kernel", .whole(2))] + fields
        let shape = Field("input_shape", .wholes([4, 4]))
        _ = try ShapeQuery.result([shape] + layer, elementType: nil)
        _ = try ShapeQuery.result([shape, Field("layers", .list([.object(layer)]))], elementType: nil)
        var gradient = request(
            .backward, ["op": "unpool", "kernel": 2],
            [.gradOutput: sixteen, .indices: Tensor(whole: [0, 2, 8, 10], shape: [2, 2])])
        gradient.fields += fields
        #expect(gradient.rejection == nil)
    }

    @Test(
        arguments: [
            ("overlapping", true), ("nan", "ignore"), ("q", 0.25), ("spatial_scale", 0.5), ("signed", true),
            ("index_base", "tensor"), ("return_indices", true), ("p", 4), ("aligned", true), ("q", "0.5"),
        ] as [(String, FieldValue)])
    func `any other value without a place is rejected`(_ name: String, _ value: FieldValue) throws {
        let rejection = try #require(request("sum", ["kernel": 2], input: sixteen).with(name, value).rejection)
        #expect(rejection.reason == .unusedField)
        #expect(rejection.field == name)
    }

    @Test func `the default layout is accepted with axes and with rows`() throws {
        let first = FieldValue.string("channels_first")
        #expect(request("max", ["kernel": 2, "axes": [0, 1]], input: sixteen).with("layout", first).rejection == nil)
        #expect(request("max", ["region": "sequence"], input: sixteen).with("layout", first).rejection == nil)
    }
}

/// What is valid and may not be meant is pointed out.
@Suite struct NoticeTests {
    private func notices(_ fields: Fields, _ shape: [Int]) throws -> [PoolingNotice] {
        let input = Tensor([Double](repeating: 0, count: shape.reduce(1, *)), shape: shape)
        return try PoolingPlan(request("max", fields, input: input), limits: .init(resultByteCount: 1 << 20)).notices
    }

    @Test(
        arguments: [
            (["kernel": 2], [8, 8, 3], true), (["kernel": 2], [1, 8, 6, 4], true), (["kernel": 1], [5, 4, 1], true),
            (["region": "global"], [8, 8, 3], true), (["region": "adaptive", "output_size": 2], [8, 8, 3], true),
            (["kernel": 2], [8, 8, 5], false), (["kernel": 2], [3, 8, 8], false), (["kernel": 2], [8, 3], false),
            (["kernel": 2], [3, 9, 3], false), (["kernel": 2, "layout": "channels_first"], [8, 8, 3], false),
            (["kernel": 2, "layout": "NHWC"], [8, 8, 3], false),
            (["kernel": [2, 2], "axes": [0, 1]], [8, 8, 3], false),
            (["region": "sequence"], [8, 8, 3], false),
        ] as [(Fields, [Int], Bool)])
    func `an input that looks channels last`(_ fields: Fields, _ shape: [Int], _ isNoticed: Bool) throws {
        #expect(try notices(fields, shape) == (isNoticed ? [.looksChannelsLast(shape: shape)] : []))
    }

    @Test(
        arguments: [
            (["kernel": [2], "stride": 1], "kernel"), (["kernel": 2, "padding": [1]], "padding"),
            (["kernel": [2]], nil), (["kernel": [2], "stride": [1]], nil),
            (["kernel": [2], "stride": 1, "dims": 1], nil),
            (["kernel": [2, 2], "stride": 1], nil), (["kernel": [2], "stride": 1, "axes": [0]], nil),
            (["kernel": 2, "stride": 1], nil),
        ] as [(Fields, String?)])
    func `a list of one entry among scalars`(_ fields: Fields, _ field: String?) throws {
        #expect(try notices(fields, [4, 8, 8]) == (field.map { [.oneAxis(field: $0)] } ?? []))
    }

    @Test(
        arguments: [
            (["kernel": 2, "padding": [1, 1, 1, 1]], [2, 3, 8, 8], true),
            (["kernel": [2, 2, 2, 2], "stride": [1, 1, 1, 1]], [2, 3, 8, 8], false),
            (["kernel": 2, "padding": [1, 1, 1]], [8, 8, 8], false),
            (["kernel": 2, "padding": [1, 1]], [2, 3, 8, 8], false),
            (["kernel": 2, "padding": [1, 1, 1, 1], "dims": 4], [2, 3, 8, 8], false),
        ] as [(Fields, [Int], Bool)])
    func `a list with an entry for batch and channels`(_ fields: Fields, _ shape: [Int], _ isNoticed: Bool) throws {
        #expect(try notices(fields, shape) == (isNoticed ? [.allAxes(field: "padding", count: 4)] : []))
    }

    @Test(
        arguments: [
            (["kernel": 2, "layout": "NCW"], [2, 4, 8], "names 1 spatial axis, but 2 are pooled; add \"dims\": 1"),
            (["region": "global", "layout": "NWC"], [2, 8, 4], "but 2 are pooled; add \"dims\": 1"),
            (["kernel": [2], "layout": "NCHW"], [2, 4, 8], "but 1 is pooled; write \"layout\": \"NCW\""),
            (["kernel": 2, "layout": "NHWC", "dims": 3], [2, 4, 4, 4, 3], "write \"layout\": \"NDHWC\""),
            (["kernel": 2, "layout": "NCW", "dims": 1], [2, 4, 8], nil),
            (["kernel": 2, "layout": "NCDHW"], [1, 2, 8, 8, 8], nil),
            (["kernel": 2, "layout": "NHWC"], [8, 8, 5], nil),
            (["kernel": 2, "layout": "channels_last"], [8, 8, 5], nil),
        ] as [(Fields, [Int], String?)])
    func `a layout that names other axes than are pooled`(_ fields: Fields, _ shape: [Int], _ end: String?) throws {
        let notices = try notices(fields, shape)
        #expect(notices.count == (end == nil ? 0 : 1))
        if let end { #expect(notices[0].text.hasPrefix("layout 'N") && notices[0].text.hasSuffix(end)) }
    }

    @Test func `the shape of a footprint is not guessed, nor is a full shape of unpooling a number of axes`() throws {
        let input = Tensor([Double](repeating: 1, count: 64), shape: [2, 4, 8])
        var asked = request("max", ["layout": "NCW"], input: input)
        asked.tensors[.footprint] = Tensor(whole: [1, 1], shape: [2], .bool)
        #expect(try PoolingPlan(asked, limits: .init(resultByteCount: 1 << 20)).notices == [])
        let value = Tensor([1], shape: [1, 1, 1, 1])
        let onto: Fields = ["kernel": 2, "output_size": [1, 1, 2, 2]]
        let unpool = request(
            .unpool, onto, [.input: value, .indices: Tensor(whole: [0], shape: [1, 1, 1, 1], .int64)])
        #expect(try PoolingPlan(unpool, limits: .init(resultByteCount: 1 << 20)).notices == [])
    }

    @Test func `one axis is all that an input of rank 1 has`() throws {
        #expect(try notices(["kernel": [2], "stride": 1], [8]) == [])
    }

    @Test func `one axis is all that an output of rank 1 comes from`() {
        let fields = [
            Field("op", "max"), Field("kernel", .wholes([3])), Field("stride", .whole(2)),
            Field("output_shape", .wholes([56])),
        ]
        #expect(PoolingNotice.all(fields: fields, shape: nil) == [])
    }

    @Test func `a stack is asked about once`() {
        let layer = FieldValue.object([
            Field("op", "max"), Field("kernel", .wholes([2])), Field("stride", .whole(1)),
        ])
        let fields = [
            Field("layers", .list([.object([Field("op", "max"), Field("kernel", .whole(2))]), layer, layer]))
        ]
        #expect(
            PoolingNotice.all(fields: fields, shape: [1, 32, 32, 3])
                == [.looksChannelsLast(shape: [1, 32, 32, 3]), .oneAxis(field: "layers/1/kernel")])
    }

    @Test func `a notice is plain text on one line`() {
        for notice in [
            PoolingNotice.looksChannelsLast(shape: [8, 8, 3]), .oneAxis(field: "kernel"),
            .allAxes(field: "padding", count: 4), .otherLayout(name: "NCW", named: 1, pooled: 2, isStated: false),
        ] {
            #expect(notice.text.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
        }
    }
}
