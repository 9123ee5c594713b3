import PoolingTestKit
import Testing

@testable import PoolingEngine

/// Hints: the right word or none.
@Suite struct NameHintTests {
    private func detail(_ op: String, _ fields: Fields) throws -> String {
        var asked = request(op, [:], input: sixteen)
        asked.fields += [Field](fields)
        return try #require(asked.rejection).detail
    }

    @Test(arguments: [
        ("mean", "'avg'?"), ("average", "'avg'?"), ("AvgPool2d", "'avg'?"), ("maxpool", "'max'?"), ("MAX", "'max'?"),
        ("gap", "'avg' with the region 'global'?"), ("gmp", "'max' with the region 'global'?"),
        ("gem", "'power_avg'?"), ("lse", "'logsumexp'?"), ("softpool", "'softmax'?"), ("cls", "'first'?"),
        ("spp", "'max' with the region 'pyramid'?"), ("blurpool", "'weighted'?"), ("maxx", "'max'?"),
        ("roi_align", "'avg' with the region 'roi_align'?"), ("mxa", "'max'?"), ("dilation", "'max'?"),
        ("erosion", "'min'?"),
    ])
    func `an op of another framework is rejected with the name of ours`(_ name: String, _ hint: String) throws {
        #expect(try detail(name, ["kernel": 2]).contains("did you mean \(hint)"))
    }

    @Test(arguments: ["attention", "xyz", "mix", "pooling_of_some_kind", String(repeating: "max", count: 1000), ""])
    func `no hint where none is near, or several are`(_ name: String) throws {
        #expect(try !detail(name, ["kernel": 2]).contains("did you mean"))
    }

    @Test(
        arguments: [
            ("pool_size", "kernel"), ("ksize", "kernel"), ("kernel_size", "kernel"), ("kernel_shape", "kernel"),
            ("kernle", "kernel"), ("strides", "stride"), ("pads", "padding"), ("pad", "padding"),
            ("auto_pad", "padding"), ("dilations", "dilation"), ("rates", "dilation"), ("data_format", "layout"),
            ("storage_order", "index_order"), ("ceil", "ceil_mode"), ("ceilMode", "ceil_mode"),
            ("return_mask", "return_indices"), ("data_type", "dtype"), ("window", "kernel"),
            ("grad_out", "grad_output"), ("explicit_paddings", "padding"),
        ])
    func `a field of another framework is rejected with the name of ours`(_ name: String, _ hint: String) throws {
        #expect(try detail("max", ["kernel": 2, name: 2]).contains("did you mean '\(hint)'?"))
    }

    @Test(
        arguments: [
            ("adaptive", "bins", "output_size"), ("adaptive", "pool_size", "output_size"),
            ("pyramid", "bins", "levels"),
            ("roi", "boxes", "rois"), ("roi_align", "samplingRatio", "sampling_ratio"),
            ("sequence", "attention_mask", "mask"), ("segments", "index", "segment_ids"),
            ("global", "attention_mask", "mask"),
        ])
    func `a hint is a field that this region takes`(_ region: String, _ name: String, _ hint: String) throws {
        #expect(try detail("max", ["region": .string(region), name: 2]).contains("did you mean '\(hint)'?"))
    }

    @Test(arguments: ["boxes", "exclude_pad", "q_value", "sampling_ratios"])
    func `no hint names a field that this op and region do not take`(_ name: String) throws {
        let text = try detail("max", ["kernel": 2, name: 2])
        #expect(!text.contains("did you mean"))
        #expect(text.contains("are kernel, stride, padding"))
    }

    @Test(
        arguments: [
            ("max", "channels_last", true, "'layout' with 'channels_last'?"),
            ("weighted", "filter", [[1, 1], [1, 1]], "'weights'?"), ("weighted", "filter", 2, "'kernel'?"),
            ("max", "filter", [2, 2], "'kernel'?"),
            ("max", "ksize", [1, 2, 3, 1], "'kernel' with [2, 3], an entry for each pooled axis?"),
            ("max", "strides", [1, 1, 2, 2], "'stride' with [2, 2], an entry for each pooled axis?"),
            ("max", "ksize", [2, 2], "'kernel'?"),
        ] as [(String, String, FieldValue, String)])
    func `a hint suits the value`(_ op: String, _ name: String, _ value: FieldValue, _ hint: String) throws {
        #expect(try detail(op, [name: value]).hasSuffix("; did you mean \(hint)"))
    }

    @Test(arguments: [("reflect", "reflect"), ("zeros", "zeros"), ("edge", "replicate")])
    func `a mode of padding in the place of its amount is sent to its field`(_ mode: String, _ ours: String) throws {
        let text = try detail("max", ["kernel": 2, "padding": .string(mode)])
        #expect(text.hasSuffix("; did you mean 'padding_mode' with '\(ours)'?"))
    }

    @Test(arguments: ["unpool", "MaxUnpool2d", "max_unpool"])
    func `unpooling as an op is sent to its endpoint`(_ name: String) throws {
        let text = try detail(name, ["kernel": 2])
        #expect(text == "there is no op '\(name)'; unpooling is an endpoint, POST /v1/unpool, which takes no 'op'")
    }

    @Test func `an inverted flag says so`() throws {
        let text = try detail("avg", ["kernel": 2, "exclude_pad": true])
        #expect(text.contains("did you mean 'count_include_pad' with the opposite value?"))
    }

    @Test(
        arguments: [
            ("padding", "SAME", "same"), ("padding", "SAME_UPPER", "same"), ("padding", "SAME_LOWER", "same_lower"),
            ("padding", "VALID", "valid"), ("padding", "smae", "same"), ("layout", "nhwc", "NHWC"),
            ("layout", "NTC", "NWC"), ("padding_mode", "mirror", "reflect"), ("padding_mode", "edge", "replicate"),
            ("padding_mode", "wrap", "circular"), ("region", "slidng", "sliding"), ("region", "gap", "global"),
            ("region", "global_pool", "global"),
            ("index_order", "F", "column_major"),
        ])
    func `a value of another framework is rejected with ours`(
        _ field: String, _ value: String, _ hint: String
    ) throws {
        #expect(try detail("max", ["kernel": 2, field: .string(value)]).contains("did you mean '\(hint)'?"))
    }

    /// `EXPLICIT` of TensorFlow and `NOTSET` of ONNX go with numbers, so no word replaces them.
    @Test(arguments: ["EXPLICIT", "NOTSET"])
    func `a value without a counterpart has no hint`(_ padding: String) throws {
        let text = try detail("max", ["kernel": 2, "padding": .string(padding)])
        #expect(!text.contains("did you mean"))
    }

    @Test(arguments: [
        ("FP32", "float32"), ("fp16", "float16"), ("half", "float16"), ("double", "float64"), ("float", "float32"),
        ("BF16", "bfloat16"), ("long", "int64"), ("byte", "uint8"), ("torch.float32", "float32"),
        ("flaot16", "float16"),
    ])
    func `a type of another framework is rejected with the name of ours`(_ name: String, _ hint: String) {
        let names = ElementType.allCases.map(\.rawValue)
        #expect(NameHint.suggestion(for: name, among: names, .elementTypes)?.word == hint)
    }

    /// `i8` is int64 in NumPy and int8 elsewhere, `f8` float64 or one of the float8 types.
    @Test(arguments: ["i8", "i1", "f8"])
    func `a type that frameworks call differently has no hint`(_ name: String) {
        #expect(NameHint.suggestion(for: name, among: ElementType.allCases.map(\.rawValue), .elementTypes) == nil)
    }

    @Test(arguments: ["int4", "float8", "int128", "uint32", "complex64"])
    func `a digit or a first letter is not a misspelling`(_ name: String) {
        let names = ElementType.allCases.map(\.rawValue)
        #expect(NameHint.suggestion(for: name, among: names, .elementTypes) == nil)
    }

    @Test func `every word that the vocabularies lead to is a name of this service`() {
        let unknown = Vocabulary.fields.words.filter { !FieldNames.all.contains($0) }
        #expect(unknown == [])
        #expect(Vocabulary.ops.words.filter { !PoolingCatalog.operationNames.contains($0) } == [])
        #expect(Vocabulary.elementTypes.words.filter { ElementType(rawValue: $0) == nil } == [])
    }

    @Test(arguments: [
        ("", "", 0), ("max", "max", 0), ("mxa", "max", 1), ("kernle", "kernel", 1), ("max", "min", 2), ("", "abc", 3),
        ("ca", "abc", 3),
    ])
    func `edits are counted, an exchange of neighbours as one`(_ one: String, _ other: String, _ edits: Int) {
        #expect(one.edits(to: other) == edits)
        #expect(other.edits(to: one) == edits)
    }
}

/// Messages say what was expected, what came and what to write.
@Suite struct MessageTests {
    private func detail(_ op: String, _ fields: Fields) throws -> String {
        var asked = request(op, [:], input: sixteen)
        asked.fields += [Field](fields)
        return try #require(asked.rejection).detail
    }

    /// A whole number as a codec delivers one that has more than 64 bits.
    private static func beyond64(_ value: Double) -> FieldValue { .number(FieldNumber(value: value, whole: nil)) }

    @Test(
        arguments: [
            ("max", ["kernel": 0], "kernel is 0; it must be from 1 to 2147483648"),
            ("max", ["kernel": 2, "stride": [1, 0]], "stride[1] is 0; it must be from 1 to 2147483648"),
            ("max", ["kernel": "2"], #"expected a whole number for 'kernel', got "2"; write 2"#),
            ("max", ["kernel": "(2, 3)"], #"expected a whole number for 'kernel', got "(2, 3)"; write [2, 3]"#),
            ("max", ["kernel": "a\"b"], #"expected a whole number for 'kernel', got "a\"b"; write 2 or [2, 2]"#),
            (
                "max", ["kernel": 2, "stride": "-1"],
                #"expected a whole number for 'stride', got "-1"; write 2 or [2, 2]"#
            ),
            (
                "max", ["kernel": .string(String(repeating: "x", count: 99))],
                "expected a whole number for 'kernel', got \"" + String(repeating: "x", count: 32)
                    + "…\"; write 2 or [2, 2]"
            ),
            ("max", ["kernel": 2, "ceil_mode": 3], "expected true or false for 'ceil_mode', got 3"),
            ("quantile", ["kernel": 2, "q": 2], "q is 2; it must be from 0 to 1"),
            ("max", ["kernel": Self.beyond64(1e20)], "kernel is 1e+20; it must be from 1 to 2147483648"),
            ("max", ["kernel": 1.5], "expected a whole number for 'kernel', got 1.5"),
            (
                "stochastic", ["kernel": 2, "seed": Self.beyond64(0x1p65)],
                "seed is 3.6893488147419103e+19; it must be from 0 to 18446744073709551615"
            ),
            (
                "avg", ["region": "roi_align", "output_size": 1, "sampling_ratio": 9999],
                "sampling_ratio is 9999; it must be from 0 to 512"
            ),
            (
                "max", ["kernel": 2, "dims": 9],
                "an input of rank 2 cannot be pooled over 9 dimensions; 'dims' must be from 1 to 2"
            ),
            (
                "max", ["kernel": [1, 1], "layout": "channels_last"],
                "an input of rank 2 with channels last cannot be pooled over 2 dimensions; 'kernel' must have 1 entry"
            ),
            ("max", ["kernel": 2, "axes": [0, 0]], "axis 0 is listed twice"),
            (
                "sum", ["region": "roi_align", "output_size": 1],
                "'sum' is not supported over roi_align regions: "
                    + "samples between cells can only be averaged or compared"
            ),
            ("stochastic", ["kernel": 2], "'seed' is missing: the seed of the random numbers"),
            (
                "max", ["region": "fractional", "kernel": 9, "output_size": 1, "seed": 1],
                "kernel 9 is larger than axis 0 (4)"
            ),
            (
                "max", ["region": "fractional", "kernel": 2, "output_size": 9, "seed": 1],
                "output_size is 9; it must be from 1 to 3"
            ),
            (
                "max", ["region": "fractional", "boundaries": 4],
                "'boundaries' must be a list of lists, one per axis"
            ),
            (
                "max", ["kernel": 2, "index_base": "sample", "axes": [0, 1]],
                "'index_base' 'sample' is not supported with 'axes'; use plane or tensor"
            ),
            (
                "stochastic", ["kernel": 2, "mode": "expected", "return_indices": true],
                "'stochastic' selects no element with these parameters; leave out 'return_indices'"
            ),
            ("avg", ["kernel": 2, "divisor_override": 0], "divisor_override is 0; it must be other than 0"),
            ("max", ["kernel": 2, "q": 0.7], "'q' is a parameter of 'quantile'; 'max' does not take it"),
            (
                "max", ["kernel": 2, "levels": [1]],
                "'levels' is a parameter of the region 'pyramid'; 'sliding' does not take it"
            ),
            (
                "sum", ["kernel": 2, "return_indices": true],
                "'return_indices' is for ops with indices (max, min, median, mixed, stochastic, first, last); "
                    + "'sum' has none"
            ),
        ] as [(String, Fields, String)])
    func `a message names the field, the value and what is allowed`(
        _ op: String, _ fields: Fields, _ text: String
    ) throws {
        #expect(try detail(op, fields) == text)
    }

    @Test(
        arguments: [
            (["region": "fractional", "kernel": 2, "boundaries": [[0, 4], [0, 4]]], "'kernel' and 'boundaries'"),
            (
                ["region": "fractional", "kernel": 2, "output_size": 2, "output_ratio": 0.5],
                "'output_ratio' and 'output_size'"
            ),
            (["kernel": 2, "axes": [0, 1], "layout": "channels_last"], "'layout' and 'axes'"),
            (["kernel": 2, "axes": [0, 1], "dims": 2], "'dims' and 'axes'"),
        ] as [(Fields, String)])
    func `fields that exclude each other are both named`(_ fields: Fields, _ names: String) throws {
        #expect(try detail("max", fields) == "\(names) exclude each other; leave out one of them")
    }

    @Test(
        arguments: [
            ["return_indices": true, "ops": ["max"]],
            ["ops": [.object([Field("op", "max"), Field("return_indices", true)])]],
        ] as [Fields])
    func `indices of combined ops are rejected, not sent elsewhere`(_ fields: Fields) throws {
        var asked = request(.forward, ["kernel": 2, "combine": "concat"], [.input: sixteen])
        asked.fields += [Field](fields)
        #expect(
            try #require(asked.rejection).detail
                == "'return_indices' and 'combine' exclude each other; leave out one of them")
    }

    @Test(arguments: [("op", "max"), ("kernel", 2), ("region", "global")] as [(String, FieldValue)])
    func `a field next to the layers of a chain is sent into them`(_ name: String, _ value: FieldValue) throws {
        var asked = request(
            .forward, ["layers": [.object([Field("op", "max"), Field("kernel", 2)])]], [.input: sixteen])
        asked.fields.append(Field(name, value))
        #expect(try #require(asked.rejection).detail == "with 'layers', '\(name)' goes into each layer")
    }

    @Test func `an op next to several is told to leave`() throws {
        let asked = request(.forward, ["kernel": 2, "op": "max", "ops": ["min"]], [.input: sixteen])
        #expect(asked.rejection?.detail == "'op' and 'ops' exclude each other; leave out one of them")
    }

    @Test(
        arguments: [
            ([1, 1, 4, 4], ["kernel": 9], "kernel 9 is larger than the padded input along axis 2 (4 + 0 + 0 = 4)"),
            (
                [4, 4, 9], ["kernel": [9, 4], "layout": "channels_last"],
                "kernel 9 is larger than the padded input along axis 0 (4 + 0 + 0 = 4)"
            ),
            (
                [8, 8, 1], ["kernel": 2],
                "kernel 2 is larger than the padded input along axis 2 (1 + 0 + 0 = 1); "
                    + "if the last axis has the channels, send \"layout\": \"channels_last\""
            ),
            (
                [8, 8, 1], ["kernel": [2, 2], "axes": [1, 2]],
                "kernel 2 is larger than the padded input along axis 2 (1 + 0 + 0 = 1)"
            ),
            (
                [1, 8, 8, 1], ["region": "fractional", "kernel": 2, "output_size": 1, "seed": 1],
                "kernel 2 is larger than axis 3 (1); "
                    + "if the last axis has the channels, send \"layout\": \"channels_last\""
            ),
            (
                [1, 1, 4, 4], ["kernel": [2, 2], "padding": [1, 0, 1, 0]],
                "'padding' has 4 entries, and 'kernel' says 2; ONNX pads [1, 0, 1, 0] are [[1, 1], [0, 0]] here"
            ),
            (
                [1, 1, 4, 4], ["kernel": 2, "padding": [1, 2, 3, 4], "dilation": [1, 1]],
                "'dilation' has 2 entries, and 'padding' says 4; ONNX pads [1, 2, 3, 4] are [[1, 3], [2, 4]] here"
            ),
            (
                [1, 4, 4, 4, 4], ["kernel": 2, "padding": [0, 0, 0, 1, 1, 1]],
                "an input of rank 5 cannot be pooled over 6 dimensions; 'padding' must have from 1 to 5 entries; "
                    + "ONNX pads [0, 0, 0, 1, 1, 1] are [[0, 1], [0, 1], [0, 1]] here"
            ),
            ([4, 4], ["region": "roi", "output_size": 1], "'roi' needs rank 4 [N, C, H, W]; got rank 2"),
            (
                [4, 4], ["region": "roi_align", "output_size": 1, "layout": "channels_last"],
                "'roi_align' needs rank 4 [N, H, W, C]; got rank 2"
            ),
        ] as [([Int], Fields, String)])
    func `a shape that does not fit is told by the axes of the input`(
        _ shape: [Int], _ fields: Fields, _ text: String
    ) throws {
        let input = Tensor([Double](repeating: 1, count: shape.reduce(1, *)), shape: shape)
        var asked = request("max", [:], input: input)
        asked.fields += [Field](fields)
        if fields.contains(where: { $0.key == "region" && $0.value != "fractional" }) {
            asked.tensors[.rois] = Tensor([0, 0, 0, 1, 1], shape: [1, 5])
        }
        #expect(try #require(asked.rejection).detail == text)
    }

    @Test func `a window that is no distribution is named with its output`() throws {
        let input = Tensor([1, 1, 1, -1], shape: [1, 4])
        let asked = request("stochastic", ["kernel": [1, 2], "seed": 1], input: input)
        #expect(
            try #require(asked.rejection).detail
                == "output 1: its window has a negative value or NaN; 'stochastic' needs values ≥ 0")
    }

    @Test(
        arguments: [
            (["input_shape": [1, 1, 0, 4], "op": "max", "kernel": 2], "input_shape"),
            (["input_shape": [4], "op": "max", "kernel": 2, "dims": 2], "dims"),
            (["input_shape": [4], "op": "max", "kernel": 2, "region": "sliding", "layout": "NWC"], "input_shape"),
            (["input_shape": [4], "op": "max", "region": "sequence"], "input_shape"),
            (
                ["input_shape": [0, 4], "layers": [.object([Field("op", "max"), Field("kernel", 2)])]],
                "input_shape"
            ),
        ] as [(Fields, String)])
    func `a shape query blames the shape that it has`(_ fields: Fields, _ pointer: String) throws {
        let error = #expect(throws: PoolingError.self) { try ShapeQuery.result([Field](fields), elementType: nil) }
        #expect(error?.field == pointer)
    }

    @Test func `a shape query is told the name of its shape`() throws {
        let fields: Fields = ["input": [[1, 2]], "input_shape": [1, 2], "op": "max", "kernel": 1]
        let error = #expect(throws: PoolingError.self) { try ShapeQuery.result([Field](fields), elementType: nil) }
        #expect(error?.detail == "a shape query has no 'input'; give the shape of the input as 'input_shape'")
    }

    @Test func `numbers in tensors are rejected with what is allowed`() throws {
        let map = Tensor(whole: [1, 2, 3, 4], shape: [1, 1, 2, 2], .float32)
        let box = Tensor([1, 0, 0, 1, 1], shape: [1, 5])
        let other = request("max", ["region": "roi", "output_size": 1], input: map, [.rois: box])
        #expect(other.rejection?.detail == "the batch of box 0 is 1; it must be from 0 to 0")
        let nothing = request("max", input: sixteen, [.structure: Tensor([-.infinity], shape: [1, 1])])
        #expect(
            nothing.rejection?.detail == "every cell of 'structure' is -Infinity; at least one must be finite")
    }

    private static let real = "float32, float64, float16 or bfloat16"

    @Test(
        arguments: [
            ("lp", [:], "'lp' over sliding regions needs \(real); the input is int32"),
            (
                "quantile", [:],
                "'quantile' with interpolation 'linear' needs \(real); the input is int32; "
                    + "'lower', 'higher' and 'nearest' take integers"
            ),
            (
                "quantile", ["interpolation": "midpoint"],
                "'quantile' with interpolation 'midpoint' needs \(real); the input is int32; "
                    + "'lower', 'higher' and 'nearest' take integers"
            ),
        ] as [(String, Fields, String)])
    func `a type that an op lacks is rejected with those it has`(_ op: String, _ fields: Fields, _ text: String) throws
    {
        let four = Tensor(whole: [1, 2, 3, 4], shape: [2, 2], .int32)
        var asked = request(op, ["kernel": 2], input: four)
        asked.fields += [Field](fields)
        #expect(try #require(asked.rejection).detail == text)
    }

    @Test func `a type that gradients and unpooling lack is rejected with those they have`() throws {
        let whole = Tensor(whole: [1], shape: [1, 1], .int8)
        let gradient = "a gradient needs \(Self.real); 'grad_output' is int8"
        let layer: Fields = ["op": "sum", "kernel": 2, "input_shape": [2, 2]]
        #expect(request(.backward, layer, [.gradOutput: whole], .int8).rejection?.detail == gradient)
        let unpool: [TensorName: Tensor] = [.indices: Tensor(whole: [0], shape: [1, 1], .int64)]
        let onto: Fields = ["op": "unpool", "kernel": 2]
        #expect(
            request(.backward, onto, unpool.merging([.gradOutput: whole]) { $1 }, .int8).rejection?.detail == gradient)
        let truth = Tensor(whole: [1], shape: [1, 1], .bool)
        #expect(
            request(.unpool, ["kernel": 2], unpool.merging([.input: truth]) { $1 }, .bool).rejection?.detail
                == "unpooling needs float32, float64, float16, bfloat16, int8, uint8, int16, uint16, int32 or int64; "
                + "the input is bool")
    }
}
