import Dispatch
import MicroHTTP
import PoolingEngine
import PoolingTestKit
import PoolingWire
import RecycledMemory
import Testing
import Workers

@testable import PoolingService

@Suite struct MemoryShortageTests {
    private static let side = 300
    /// Of tensors whose request has more than one: 100 KB each.
    private static let smallSide = 160

    /// One request of each format, each large enough that all of its memory counts as large.
    private struct Sample {
        let name: String
        var target = "/v1/forward"
        var headers: [(name: String, value: String)] = []
        let body: [UInt8]
        /// Tensors are used and sent where they are, so that reading and writing take no memory.
        var isView = false
    }

    private static func samples() throws -> [Sample] {
        let numbers = (0..<side * side).map { Float($0 % 977) * 0.37 - 100 }
        let bytes = TensorFiles.bytes(numbers)
        let nested = matrix(side) { "\(numbers[$0])" }
        let flat = "[" + numbers.map { "\($0)" }.joined(separator: ",") + "]"
        let whole = "[" + numbers.indices.map { "\($0 % 100)" }.joined(separator: ",") + "]"
        let small = matrix(smallSide) { "\(numbers[$0])" }
        let chequered = matrix(smallSide) { "\($0 % 2)" }
        let base64 = TensorFiles.base64(bytes)
        let json = Array(#"{"op":"max","kernel":1,"input":\#(nested)}"#.utf8)
        let query = "/v1/forward?op=max&kernel=1"
        func object(_ data: String) -> String { #"{"shape":[300,300],\#(data)}"# }
        let (inference, length) = TensorFiles.inference(bytes, [side, side], parameters: #""op":"max","kernel":"1""#)
        let noise = (0..<side * side).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let picture = try PNGCodec.encode(
            .init(tensors: [
                .init(
                    .output,
                    .init(elementType: .uint8, shape: [side, side, 1], storage: .init(copying: noise)))
            ])
        ).joined()
        return [
            Sample(name: "nested", body: json),
            Sample(name: "flat", body: Array(#"{"op":"max","kernel":1,"input":\#(object(#""data":\#(flat)"#))}"#.utf8)),
            Sample(
                name: "read again",
                body: Array(#"{"input":\#(object(#""data":\#(whole)"#)),"op":"max","kernel":1,"dtype":"int32"}"#.utf8)),
            Sample(
                name: "base64", body: Array(#"{"op":"max","kernel":1,"input":\#(object(#""b64":"\#(base64)""#))}"#.utf8)
            ),
            Sample(
                name: "base64 with an escape",
                body: Array(
                    #"{"op":"max","kernel":1,"input":\#(object(#""b64":"\u0041\#(base64.dropFirst())""#))}"#.utf8)),
            Sample(
                name: "gzip", headers: [("Content-Encoding", "gzip")], body: try TensorFiles.compressed(json, .gzip)),
            Sample(
                name: "zstd", headers: [("Content-Encoding", "zstd")], body: try TensorFiles.compressed(json, .zstd)),
            Sample(name: "gzip response", headers: [("Accept-Encoding", "gzip")], body: json),
            Sample(name: "zstd response", headers: [("Accept-Encoding", "zstd")], body: json),
            Sample(
                name: "npy", target: query, headers: [("Content-Type", "application/x-npy")],
                body: TensorFiles.npy(bytes, [side, side]), isView: true),
            Sample(
                name: "npy, the other bytes first", target: query, headers: [("Content-Type", "application/x-npy")],
                body: TensorFiles.npy(bytes, [side, side], ">f4")),
            Sample(
                name: "npy to JSON", target: query,
                headers: [("Content-Type", "application/x-npy"), ("Accept", "application/json")],
                body: TensorFiles.npy(bytes, [side, side])),
            Sample(
                name: "safetensors", target: query, headers: [("Content-Type", "application/vnd.safetensors")],
                body: TensorFiles.safetensors([("input", "F32", [side, side], bytes)])),
            Sample(name: "picture", target: query, headers: [("Content-Type", "image/png")], body: picture),
            Sample(
                name: "inference", target: "/v2/models/forward/infer",
                headers: [("Inference-Header-Content-Length", "\(length)")], body: inference, isView: true),
            Sample(name: "ops", body: Array(#"{"ops":["max","lp"],"kernel":1,"input":\#(small)}"#.utf8)),
            Sample(
                name: "ops, joined",
                body: Array(#"{"ops":["avg","std"],"kernel":2,"combine":"concat","input":[\#(small)]}"#.utf8)),
            Sample(
                name: "layers",
                body: Array(
                    #"{"layers":[{"op":"avg","kernel":1,"return_output":true},{"op":"max","kernel":2}],"input":\#(small)}"#
                        .utf8)),
            Sample(
                name: "layers, backward", target: "/v1/backward",
                body: Array(
                    #"{"layers":[{"op":"avg","kernel":1},{"op":"max","kernel":1}],"input":\#(small),"grad_output":\#(small)}"#
                        .utf8)),
            Sample(
                name: "mask",
                body: Array(#"{"op":"avg","kernel":1,"empty_value":0,"mask":\#(chequered),"input":\#(small)}"#.utf8)),
            Sample(
                name: "structure",
                body: Array(#"{"op":"max","structure":[[0,1],[2,3]],"stride":1,"input":\#(small)}"#.utf8)),
            Sample(
                name: "bags",
                body: Array(
                    #"{"op":"sum","region":"bags","offsets":\#(Array(0..<smallSide)),"input":\#(small)}"#
                        .utf8)),
            Sample(
                name: "another dtype",
                body: Array(
                    #"{"op":"max","kernel":1,"dtype":"float16","input":\#(object(#""dtype":"float32","b64":"\#(base64)""#))}"#
                        .utf8)),
            Sample(
                name: "batch", target: "/v1/batch",
                body: Array(
                    (#"{"requests":["#
                        + Array(repeating: #"{"op":"max","kernel":1,"input":[[1,2],[3,4]]}"#, count: 1000)
                        .joined(separator: ",") + "]}").utf8)),
            Sample(
                name: "shape", target: "/v1/shape",
                body: Array(
                    (#"{"input_shape":[4,4],"layers":["#
                        + Array(repeating: #"{"op":"max","kernel":1}"#, count: 3000).joined(separator: ",") + "]}").utf8
                )
            ),
        ]
    }

    /// Rows of `side` numbers each.
    private static func matrix(_ side: Int, _ number: (Int) -> String) -> String {
        let rows = (0..<side).map { row in
            "[" + (row * side..<(row + 1) * side).map(number).joined(separator: ",") + "]"
        }
        return "[" + rows.joined(separator: ",") + "]"
    }

    private static func bytes(_ response: HTTPResponse) -> [UInt8] { response.body.joined() }

    /// Lets each large allocation of a request fail, one after the other.
    ///
    /// - Returns: how many failed.
    private static func check(_ sample: Sample, _ direct: DirectService) throws -> Int {
        let memory = direct.service.admission.memory
        func send() -> (status: Int, body: [UInt8]) {
            let response = direct.send("POST", sample.target, body: sample.body, headers: sample.headers)
            return (response.status, bytes(response))
        }
        let expected = send()
        #expect(expected.status == 200, "\(sample.name)")
        for count in 0..<1000 {
            MemoryRecycler.shared.failOnce(after: count)
            let (status, body) = send()
            let hasFailed = MemoryRecycler.shared.hasFailed()
            // A response that cannot be compressed goes as it is.
            #expect(status == (hasFailed ? 503 : 200) || body.count > expected.body.count, "\(sample.name) \(count)")
            try awaitWorker(direct.service.workers)
            #expect(memory.reservedByteCount == 0, "\(sample.name) \(count)")
            if !hasFailed {
                #expect(body == expected.body, "\(sample.name)")
                return count
            }
        }
        return .max
    }

    /// Waits until the only worker has let go of the request that it worked on: a heavy job begins when nothing else runs.
    private static func awaitWorker(_ workers: Workers) throws {
        let isFree = DispatchSemaphore(value: 0)
        try workers.submit(lane: .heavy) { _ in isFree.signal() }
        isFree.wait()
    }

    @Test func `an allocation that fails is a 503, and the process lives on`() async {
        // In a process of its own, where no other test allocates.
        await #expect(processExitsWith: .success) {
            let direct = try DirectService(workers: 1)
            for sample in try MemoryShortageTests.samples() {
                let count = try MemoryShortageTests.check(sample, direct)
                #expect(count < 1000 && (count > 0 || sample.isView), "\(sample.name): \(count) allocations failed")
            }
        }
    }

    @Test func `what the budget lacks is a 503, and what it can never hold a 413`() throws {
        var configuration = Configuration()
        configuration.memoryBudget = 16 << 20
        let direct = try DirectService(configuration)
        let large = #"{"op":"max","region":"adaptive","output_size":[1200,1200],"input":[[1,2],[3,4]]}"#
        let hold = try MemoryLease(7 << 20, from: RequestMemory(direct.service.admission.memory))
        #expect(direct.post("/v1/forward", large).status == 413)
        let fitting = #"{"op":"max","region":"adaptive","output_size":[1130,1130],"response_form":"b64","input":[[1]]}"#
        let rejected = direct.post("/v1/forward", fitting)
        #expect(rejected.status == 503)
        #expect(rejected.header("Retry-After") != nil)
        withExtendedLifetime(hold) {}
    }
}
