@testable import RecycledMemory
import PoolingEngine
import PoolingTestKit
import Sharding
import Testing

@testable import PoolingWire

@Suite struct RequestTemplatesTests {
    private static let requests = [
        #"{"op":"max","kernel":[2,2],"stride":2,"input":[[1,2,3,4],[5,6,7,8]],"return_indices":true}"#,
        #"{"input": [ 1e3, -0.5 ] , "op":"avg","kernel":2,"dtype":"float64","response_form":"flat"}"#,
        #"{"op":"max","dtype":"int8","kernel":2,"input":[1,2,100]}"#,
        #"{"op":"max","kernel":2,"mask":null,"input":[["NaN",1],[2,3]]}"#,
        #"{"op":"max","kernel":2,"weights":[1,2],"input":[3,4]}"#,
        #"{"op":"max","kernel":2,"input":{"shape":[2],"data":[3,4]}}"#,
        #"{"op":"max","kernel":2,"input":5}"#,
        #"{"input":[]}"#,
    ]

    private func check(
        _ body: [UInt8], _ templates: ThreadShards<[RequestTemplate]>, endpoint: PoolingRequest.Endpoint = .forward
    ) {
        body.withUnsafeBytes { bytes in
            let expected = outcome { () throws(WireError) in try JSONCodec.decode(bytes, as: endpoint) }
            let found = outcome { () throws(WireError) in try templates.decode(bytes, as: endpoint) }
            #expect(found == expected, "\(String(decoding: body, as: UTF8.self))")
        }
    }

    @Test(arguments: requests) func `a known template changes nothing`(_ request: String) {
        let templates = ThreadShards([RequestTemplate]())
        for _ in 0..<3 { check(Array(request.utf8), templates) }
        check(Array(request.utf8), templates, endpoint: .unpool)
    }

    @Test(arguments: requests) func `a body that differs in a byte is read as if nothing were known`(_ request: String)
    {
        let body = Array(request.utf8)
        let templates = ThreadShards([RequestTemplate]())
        check(body, templates)
        for place in body.indices {
            for byte in Array(#"[]{},:"e-0 9x."#.utf8) {
                var other = body
                other[place] = byte
                check(other, templates)
                check(body, templates)
            }
            check(Array(body[..<place]), templates)
            check(Array(body[..<place]) + Array(body[(place + 1)...]), templates)
        }
    }

    @Test func `other numbers in a known template are read`() {
        let templates = ThreadShards([RequestTemplate]())
        let (before, after) = (#"{"op":"max","kernel":2,"dtype":"float16","input":"#, #","stride":1}"#)
        for value in [
            "[1]", "[[2],[3]]", "[1e9]", "[1,[2]]", "[true]", "[\"x\"]", "[1],\"padding\":[0]", "3", "[ ]", "[1",
        ] {
            check(Array((before + value + after).utf8), templates)
        }
    }

    @Test func `many templates and large bodies are read as well`() {
        let templates = ThreadShards([RequestTemplate]())
        for kernel in 1...40 { check(Array(#"{"op":"max","kernel":\#(kernel),"input":[1,2]}"#.utf8), templates) }
        let numbers = (0..<5000).map { "\($0)" }.joined(separator: ",")
        for _ in 0..<2 { check(Array(#"{"op":"max","kernel":2,"input":[\#(numbers)]}"#.utf8), templates) }
    }

    @Test func `a known plan is that of the request, whatever the shape of its tensor`() throws {
        let (templates, plans) = (ThreadShards([RequestTemplate]()), PlanCache())
        for value in ["[1,2,3,4]", "[5,6,7,8]", "[[1,2],[3,4]]", "[[5,6],[7,8]]", "[9,8,7,6]", "[1]", "[4,3,2,1]"] {
            let body = Array(#"{"op":"max","kernel":2,"dims":1,"input":\#(value)}"#.utf8)
            func result(
                _ decode: (UnsafeRawBufferPointer) throws -> (plan: PoolingPlan, operands: Operands)
            ) -> String {
                body.withUnsafeBytes { bytes in
                    do {
                        let (plan, operands) = try decode(bytes)
                        return "\(try plan.execute(operands).tensors.map(\.tensor.doubles))"
                    } catch {
                        return "\(error)"
                    }
                }
            }
            let limits = PoolingPlan.Limits(resultByteCount: 1 << 20)
            let afresh = result {
                let request = try JSONCodec.decode($0, as: .forward).request
                return (try PoolingPlan(request, limits: limits), try Operands(request))
            }
            for _ in 0..<2 {
                #expect(result { try templates.decode($0, as: .forward).plan(by: plans, limits: limits) } == afresh)
            }
        }
    }

    @Test func `a template does not keep the elements that its plan was made for`() throws {
        let templates = ThreadShards([RequestTemplate]())
        weak var memory: AnyObject?
        for value in ["[1,2]", "[3,4]"] {
            try Array(#"{"op":"max","kernel":2,"input":\#(value)}"#.utf8).withUnsafeBytes { bytes in
                let decoded = try templates.decode(bytes, as: .forward)
                memory = decoded.request.tensors[.input]?.storage.owner
                _ = try decoded.plan(by: PlanCache(), limits: PoolingPlan.Limits(resultByteCount: 1 << 20))
            }
            #expect(memory == nil)
        }
    }
}
