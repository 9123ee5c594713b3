import MicroHTTP
import PoolingEngine
import PoolingService
import Testing

/// Several ops over the same windows, and chains of layers, against the same requests sent one by one.
@Suite struct SeveralOpsTests {
    /// Fields of each region, with an input that suits it; the last axis has numbers of all signs.
    private static let regions: [String: (fields: String, input: String)] = [
        "sliding": (#""kernel":[2,2],"stride":[1,2],"padding":"same""#, planes),
        "global": (#""dims":2"#, planes),
        "adaptive": (#""output_size":[2,1]"#, planes),
        "fractional": (#""kernel":2,"output_size":2,"seed":7"#, planes),
        "pyramid": (#""levels":[1,2],"dims":2"#, planes),
        "roi": (#""rois":[[0,0,0,2,2],[0,1,0,1,2]],"output_size":2"#, planes),
        "roi_align": (#""rois":[[0,0,0,2,2]],"output_size":2,"sampling_ratio":1"#, planes),
        "sequence": (#""mask":[[true,false,true]]"#, "[[[1,5.5],[2,-3],[0.25,8]]]"),
        "segments": (#""segment_ids":[1,0,1],"segments":3"#, "[[1,5.5],[2,-3],[0.25,8]]"),
        "bags": (#""spans":[[0,2],[1,3]]"#, "[[1,5.5],[2,-3],[0.25,8]]"),
    ]
    private static let planes =
        "[[[[1,2.5,3],[0.5,5,-6],[7,8,9]],[[4,-1,0],[2,2,2],[3.25,0.125,6]]]]"

    /// The fields that an op needs besides its name.
    private static let parameters = [
        "stochastic": #","mode":"expected","seed":3"#, "lp": #","p":3"#, "quantile": #","q":0.25"#,
    ]

    private static func weights(_ region: String) -> String? {
        ["sliding": "[[1,2],[3,4]]", "sequence": "[1,2,3]", "segments": "[1,2,3]", "bags": "[1,2,3]"][region]
    }

    /// The parameters of `op` over `region`; nil where the two do not go together in these requests.
    private static func parameters(_ op: String, _ region: String) -> String? {
        if PoolingCatalog.rejection(of: op, over: region) != nil { return nil }
        if op == "weighted" { return weights(region).map { #","weights":\#($0)"# } }
        // A probability is not negative.
        if op == "stochastic" { return nil }
        return parameters[op] ?? ""
    }

    private static func ops(_ region: String) -> [(name: String, fields: String)] {
        PoolingCatalog.operationNames.compactMap { op in parameters(op, region).map { (op, $0) } }
    }

    @Test(arguments: [
        ("/v1/forward?ops=max,avg&kernel=2", ["input", "grad_output.1"]),
        ("/v1/forward?ops=max,avg&kernel=2&combine=concat&dims=1", ["input", "grad_output.0"]),
        ("/v1/backward?ops=max,avg&kernel=2&combine=concat&dims=1", ["input", "grad_output", "grad_output.1"]),
    ]) func `a gradient of an op is rejected where there is no place for it`(
        _ query: String, _ tensors: [String]
    ) throws {
        let bytes = TensorFiles.bytes([1, 2, 3, 4] as [Float])
        let file = TensorFiles.safetensors(tensors.map { ($0, "F32", [2, 2], bytes) })
        let response = try DirectService().post(
            query, bytes: file, headers: [("Content-Type", "application/vnd.safetensors")])
        #expect(response.status == 422)
        #expect(response.text.contains(#""code":"unused_field""#))
        #expect(response.text.contains("'\(tensors[tensors.count - 1])'"))
    }

    @Test(arguments: PoolingCatalog.regionNames.filter { regions[$0] != nil })
    func `each of several ops gets the result that it gets alone`(_ region: String) throws {
        let service = try DirectService()
        let (fields, input) = try #require(Self.regions[region])
        let rest = #""region":"\#(region)",\#(fields),"dtype":"float64","input":\#(input)"#
        let ops = Self.ops(region)
        for start in stride(from: 0, to: ops.count, by: 5) {
            let some = ops[start..<min(start + 5, ops.count)]
            let entries = some.map { #"{"op":"\#($0.name)"\#($0.fields)}"# }
            let singles = some.map { op in
                let response = service.post("/v1/forward", #"{"op":"\#(op.name)"\#(op.fields),\#(rest)}"#).text
                return #"{"op":"\#(op.name)","# + response.dropFirst()
            }
            let response = service.post("/v1/forward", #"{"ops":[\#(entries.joined(separator: ","))],\#(rest)}"#)
            #expect(response.status == 200)
            #expect(response.text == #"{"outputs":[\#(singles.joined(separator: ","))]}"#)
        }
    }

    @Test(arguments: ["float32", "float64", "bfloat16"])
    func `a gradient next to null is the gradient of that op alone`(_ type: String) throws {
        let service = try DirectService()
        for op in ["max", "std", "avg", "lp"] {
            let rest =
                #""kernel":2,"stride":1,"dtype":"\#(type)","input":[[1,2.5,3],[0.5,5,-6],[7,8,9]]"#
            let gradient = "[[1,2],[3,0.5]]"
            let single = service.post("/v1/backward", #"{"op":"\#(op)",\#(rest),"grad_output":\#(gradient)}"#).text
            let several = service.post(
                "/v1/backward", #"{"ops":["sum","\#(op)"],\#(rest),"grad_outputs":[null,\#(gradient)]}"#
            ).text
            #expect(several == single)
        }
    }

    @Test func `gradients are added before they are rounded`() throws {
        // In bfloat16, 256 + 1 is 256, and so is 256 + 1 + 1 in steps; the sum is 258.
        let response = try DirectService().post(
            "/v1/backward",
            #"{"ops":["sum","sum","sum"],"kernel":1,"dtype":"bfloat16","input":[[1]],"grad_outputs":[[[256]],[[1]],[[1]]]}"#
        )
        #expect(response.text == #"{"grad_input":[[258]]}"#)
    }

    @Test func `the gradient of a combined output is that of its parts`() throws {
        let service = try DirectService()
        let rest = #""kernel":2,"input":[[[1,2],[3,4]],[[5,6],[8,7]]]"#
        let combined = service.post(
            "/v1/backward",
            #"{"ops":["avg","max"],"combine":"concat",\#(rest),"grad_output":[[[4]],[[8]],[[1]],[[2]]]}"#)
        let listed = service.post(
            "/v1/backward", #"{"ops":["avg","max"],\#(rest),"grad_outputs":[[[[4]],[[8]]],[[[1]],[[2]]]]}"#)
        #expect(combined.text == listed.text)
        #expect(combined.text == #"{"grad_input":[[[1,1],[1,2]],[[2,2],[4,2]]]}"#)
    }

    @Test func `each layer pools what the one before it gives`() throws {
        let service = try DirectService()
        let layers = [
            #""op":"max","kernel":2,"stride":1"#, #""op":"lp","p":3,"kernel":2,"stride":1,"padding":1"#,
            #""op":"std","region":"adaptive","output_size":2"#,
        ]
        for type in ["float16", "float32", "float64"] {
            var input = "[[1,2.5,3,0.1],[0.5,5,-6,0.2],[7,8,9,0.3],[1,1,2,0.7]]"
            var outputs: [String] = []
            for layer in layers {
                let response = service.post("/v1/forward", #"{\#(layer),"dtype":"\#(type)","input":\#(input)}"#).text
                input = String(response.dropFirst(#"{"output":"#.count).prefix { $0 != "o" }.dropLast(2))
                outputs.append(response)
            }
            let links = layers.map { #"{\#($0),"return_output":true}"# }.joined(separator: ",")
            let chain = service.post(
                "/v1/forward",
                #"{"layers":[\#(links)],"dtype":"\#(type)","input":[[1,2.5,3,0.1],[0.5,5,-6,0.2],[7,8,9,0.3],[1,1,2,0.7]]}"#
            )
            let last = try #require(outputs.last?.dropLast())
            #expect(chain.text == #"\#(last),"layers":[\#(outputs.joined(separator: ","))]}"#)
        }
    }

    @Test(arguments: [
        (#"{"ops":["max"],"p":4,"kernel":1,"input":[[1]]}"#, "unused_field", "/p"),
        (#"{"ops":[{"op":"max","kernel":2}],"kernel":1,"input":[[1]]}"#, "unused_field", "/ops/0/kernel"),
        (#"{"ops":["max"],"op":"max","kernel":1,"input":[[1]]}"#, "unused_field", "/op"),
        (#"{"op":"max","combine":"concat","kernel":1,"input":[[1]]}"#, "unused_field", "/combine"),
        (#"{"ops":["max"],"combine":"concat","kernel":1,"input":[[1]]}"#, "unsupported_combination", "/combine"),
        (#"{"ops":["max","maxx"],"kernel":1,"input":[[1]]}"#, "unknown_op", "/ops/1"),
        (#"{"ops":[{"op":"weighted"}],"kernel":1,"input":[[1]]}"#, "missing_field", "/ops/0/weights"),
        (
            #"{"ops":[{"op":"weighted","weights":[1.5,"x"]}],"kernel":1,"input":[[1]]}"#, "wrong_type",
            "/ops/0/weights/1"
        ),
        (#"{"ops":null,"kernel":1,"input":[[1]]}"#, "missing_field", "/op"),
        (#"{"ops":[null],"kernel":1,"input":[[1]]}"#, "wrong_type", "/ops/0"),
        (#"{"layers":[{"op":"max","kernel":1,"input":[[1]]}],"input":[[1]]}"#, "unused_field", "/layers/0/input"),
        (#"{"layers":[{"op":"max","kernel":1,"dtype":"int8"}],"input":[[1]]}"#, "unused_field", "/layers/0/dtype"),
        (#"{"layers":[{"ops":["max"],"kernel":1}],"input":[[1]]}"#, "missing_field", "/layers/0/combine"),
        (
            #"{"layers":[{"ops":[{"op":"max","foo":1}],"combine":"concat","kernel":1}],"input":[[[1]]]}"#,
            "unknown_field",
            "/layers/0/ops/0/foo"
        ),
        (#"{"layers":[[]],"input":[[1]]}"#, "wrong_type", "/layers/0"),
    ]) func `mistakes are named where they are`(_ body: String, _ code: String, _ pointer: String) throws {
        let response = try DirectService().post("/v1/forward", body)
        #expect(response.status == 422)
        #expect(response.text.contains(#""code":"\#(code)""#), "\(response.text)")
        #expect(response.text.contains(#""pointer":"\#(pointer)""#), "\(response.text)")
    }

    @Test func `the features of one sequence alone are joined`() throws {
        let service = try DirectService()
        let rest = #""region":"sequence","combine":"concat","ops":["max","sum"],"input":[[1,5],[2,-3]]"#
        #expect(service.post("/v1/forward", "{\(rest)}").text == #"{"output":[2,5,3,2],"output_shape":[4]}"#)
        let gradient = service.post("/v1/backward", #"{\#(rest),"grad_output":[1,10,100,1000]}"#)
        #expect(gradient.text == #"{"grad_input":[[100,1010],[101,1000]]}"#)
    }

    @Test func `the gradients of parameters come from every layer`() throws {
        let service = try DirectService()
        let top = #""dtype":"float64","input":\#(Self.planes)"#
        let layers = [
            #"{"op":"power_avg","p":[2,3],"kernel":2,"stride":1,"return_grad_parameters":true}"#,
            #"{"ops":[{"op":"lp","return_grad_parameters":true},"avg"],"combine":"concat","kernel":2}"#,
            #"{"op":"softmax","region":"global","return_grad_parameters":true}"#,
        ]
        let gradOutput = "[[[[1]],[[-2]],[[0.5]],[[3]]]]"
        let whole = service.post(
            "/v1/backward", #"{"layers":[\#(layers.joined(separator: ","))],"grad_output":\#(gradOutput),\#(top)}"#)
        var (inputs, additions, gradient) = ([Self.planes], [String](), gradOutput)
        for layer in layers.dropLast() {
            let forward = layer.replacing(#","return_grad_parameters":true"#, with: "")
            let response = service.post(
                "/v1/forward", #"{"dtype":"float64","input":\#(inputs[inputs.count - 1]),\#(forward.dropFirst())"#)
            inputs.append(try #require(response.text.part(after: #"{"output":"#, before: #","output_shape""#)))
        }
        for (layer, input) in zip(layers, inputs).reversed() {
            let response = service.post(
                "/v1/backward",
                #"{"dtype":"float64","input":\#(input),"grad_output":\#(gradient),\#(layer.dropFirst())"#)
            gradient = try #require(response.text.part(after: #"{"grad_input":"#, before: #",""#))
            additions.insert("{" + response.text.dropFirst(gradient.count + 15), at: 0)
        }
        #expect(whole.text == #"{"grad_input":\#(gradient),"layers":[\#(additions.joined(separator: ","))]}"#)
        #expect(additions.allSatisfy { $0.contains(#""grad_parameters":{"p":"#) || $0.contains(#"{"beta":"#) })
    }

    @Test func `an op whose gradient is null adds nothing, whatever it asks for`() throws {
        let service = try DirectService()
        let rest = #""region":"global","dtype":"float64","input":\#(Self.planes)"#
        let entries = #"{"op":"softmax","return_grad_parameters":true},{"op":"lp","return_grad_parameters":true}"#
        let response = service.post(
            "/v1/backward", #"{"ops":[\#(entries)],"grad_outputs":[null,[[[[1]],[[2]]]]],\#(rest)}"#)
        let alone = service.post(
            "/v1/backward", #"{"op":"lp","return_grad_parameters":true,"grad_output":[[[[1]],[[2]]]],\#(rest)}"#)
        #expect(alone.status == 200)
        let added = try #require(alone.text.part(after: #""grad_parameters":"#, before: "}}"))
        #expect(response.text.hasSuffix(#""ops":[{},{"grad_parameters":\#(added)}}]}"#), "\(response.text)")
        let wrong = service.post(
            "/v1/backward",
            #"{"ops":[{"op":"avg","indices":[0]},"lp"],"grad_outputs":[null,[[[[1]],[[2]]]]],\#(rest)}"#)
        #expect(wrong.status == 422 && wrong.text.contains(#""pointer":"/ops/0/indices""#), "\(wrong.text)")
    }

    @Test func `the work of all ops and of all layers is counted together`() throws {
        var configuration = Configuration()
        let input = "[" + Array(repeating: "0", count: 4000).joined(separator: ",") + "]"
        configuration.maxWork = 500_000
        let service = try DirectService(configuration)
        let layer = #""kernel":64,"stride":1,"padding":"same""#
        #expect(service.post("/v1/forward", #"{"op":"max",\#(layer),"input":\#(input)}"#).status == 200)
        let ops = Array(repeating: #""max""#, count: 16).joined(separator: ",")
        #expect(service.post("/v1/forward", #"{"ops":[\#(ops)],\#(layer),"input":\#(input)}"#).status == 413)
        let layers = Array(repeating: #"{"op":"max",\#(layer)}"#, count: 16).joined(separator: ",")
        #expect(service.post("/v1/forward", #"{"layers":[\#(layers)],"input":\#(input)}"#).status == 413)
    }
}

extension String {
    /// The text between two others, the first of each.
    fileprivate func part(after start: String, before end: String) -> String? {
        guard let from = firstRange(of: start)?.upperBound, let to = self[from...].firstRange(of: end)?.lowerBound
        else {
            return nil
        }
        return String(self[from..<to])
    }
}
