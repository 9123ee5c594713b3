import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire
import Testing
import Workers

@testable import PoolingService

@Suite struct WorkLaneTests {
    /// - Parameter lane: nil for work that stays where it arrived.
    @Test(arguments: [
        (100, false, nil), (8 << 10, false, nil), (100, true, .light),
        (9 << 10, false, .light), (1 << 20, true, .light), (2 << 20, false, Workers.Lane.heavy),
    ])
    func `what takes long to read is not read where it arrives`(
        _ byteCount: Int, _ isPacked: Bool, _ lane: Workers.Lane?
    ) {
        let message = Message(
            record: RequestRecord(HTTPRequestHead(method: "POST", path: "/v1/forward")),
            handler: TensorHandler(endpoint: .forward), body: Bytes(), coding: isPacked ? .gzip : nil,
            readingByteCount: byteCount)
        let work = Work.read(message)
        #expect((work.isInline ? nil : work.lane) == lane)
    }

    /// - Parameter lane: nil for work that stays where it arrived.
    @Test(arguments: [
        (Cost(operations: 1000, resultByteCount: 1000, scratchByteCount: 0), false, nil),
        (Cost(operations: 1000, resultByteCount: 10_000, scratchByteCount: 0), true, .light),
        (Cost(operations: 1000, resultByteCount: 1000, scratchByteCount: 1 << 20), false, .light),
        (Cost(operations: 1_000_000, resultByteCount: 1000, scratchByteCount: 0), false, .light),
        (Cost(operations: 10_000_000, resultByteCount: 4, scratchByteCount: 0), false, .heavy),
        (Cost(operations: 1000, resultByteCount: 2 << 20, scratchByteCount: 0), false, Workers.Lane.heavy),
    ])
    func `what takes long to compute or to write is not done where it arrives`(
        _ cost: Cost, _ isCompressed: Bool, _ lane: Workers.Lane?
    ) {
        #expect((cost.isInline(isCompressed: isCompressed) ? nil : cost.lane) == lane)
    }

    /// Whether a request is handed to a worker.
    private func isLater(
        _ path: String, _ body: [UInt8], headers: [(name: String, value: String)] = []
    ) throws -> Bool {
        let direct = try DirectService()
        let parts = path.split(separator: "?").map(String.init)
        let head = HTTPRequestHead(
            method: "POST", path: parts[0], query: parts.count > 1 ? parts[1] : nil, headers: headers,
            contentLength: body.count)
        let (context, rejection) = direct.service.decide(head)
        guard rejection == nil else { return false }
        defer { direct.service.completed(context: context, wasSent: true) }
        let (response, isLater) = direct.respond(to: head, Bytes(copying: body), context)
        #expect(response.status == 200, "\(response.text)")
        return isLater
    }

    @Test func `packed bodies and large pictures go to a worker however small they look`() throws {
        let small = Array(#"{"op":"max","kernel":2,"input":[[1,2],[3,4]]}"#.utf8)
        #expect(try !isLater("/v1/forward", small))
        let gzip = try TensorFiles.compressed(small, .gzip)
        #expect(try isLater("/v1/forward", gzip, headers: [("Content-Encoding", "gzip")]))
        let black = Tensor(elementType: .uint8, shape: [256, 256, 1], zeroed: true)
        let picture = try PNGCodec.encode(PoolingResult(tensors: [.init(.output, black)])).joined()
        #expect(picture.count < 1024)
        #expect(try isLater("/v1/forward?op=max&kernel=256", picture, headers: [("Content-Type", "image/png")]))
    }

    @Test func `a stack of layers goes to a worker`() throws {
        let layers = Array(repeating: #"{"op":"max","kernel":1}"#, count: 40).joined(separator: ",")
        #expect(try isLater("/v1/shape", Array(#"{"input_shape":[4,4],"layers":[\#(layers)]}"#.utf8)))
        #expect(try !isLater("/v1/shape", Array(#"{"input_shape":[4,4],"op":"max","kernel":1}"#.utf8)))
    }

    /// Each way to ask for `count` layers over a small tensor, whose planning takes longer than reading them.
    private static func layers(
        _ count: Int
    ) -> [(path: String, body: [UInt8], headers: [(name: String, value: String)])] {
        let layers = "[" + Array(repeating: #"{"op":"max","kernel":1}"#, count: count).joined(separator: ",") + "]"
        let bytes = TensorFiles.bytes([1, 2, 3, 4])
        let query = "/v1/forward?layers=" + layers.replacing("\"", with: "%22")
        let (inference, length) = TensorFiles.inference(
            bytes, [2, 2], parameters: #""layers":"\#(layers.replacing("\"", with: #"\""#))""#)
        return [
            ("/v1/forward", Array(#"{"layers":\#(layers),"input":[[1,2],[3,4]]}"#.utf8), []),
            (query, TensorFiles.npy(bytes, [2, 2]), [("Content-Type", "application/x-npy")]),
            (
                query, TensorFiles.safetensors([("input", "F32", [2, 2], bytes)]),
                [("Content-Type", "application/vnd.safetensors")]
            ),
            ("/v2/models/forward/infer", inference, [("Inference-Header-Content-Length", "\(length)")]),
        ]
    }

    @Test func `many layers go to a worker in every format`() throws {
        for (path, body, headers) in Self.layers(40) { #expect(try isLater(path, body, headers: headers), "\(path)") }
    }

    @Test func `what takes long to plan goes to a worker`() throws {
        func row(_ count: Int) -> String {
            #"{"shape":[1,1,\#(count)],"data":[\#(Array(repeating: "1", count: count).joined(separator: ","))]}"#
        }
        func levels(_ count: Int) -> String { Array(repeating: "9", count: count).joined(separator: ",") }
        for (body, isExpected) in [
            (#"{"op":"max","region":"pyramid","dims":1,"levels":[\#(levels(150))],"input":[1]}"#, true),
            (#"{"op":"max","region":"pyramid","dims":1,"levels":[\#(levels(50))],"input":[1]}"#, true),
            (#"{"op":"max","region":"pyramid","dims":1,"levels":[1,2,4],"input":[1]}"#, false),
            (#"{"op":"logsumexp","kernel":[1,961],"padding":[0,960],"stride":1,"input":\#(row(64))}"#, true),
            (#"{"op":"logsumexp","kernel":[1,2],"input":\#(row(64))}"#, false),
        ] {
            #expect(try isLater("/v1/forward", Array(body.utf8)) == isExpected, "\(body)")
        }
        let bytes = TensorFiles.npy(TensorFiles.bytes([1, 2, 3, 4]), [4])
        let query = "/v1/forward?op=max&region=pyramid&dims=1&levels=" + levels(150)
        #expect(try isLater(query, bytes, headers: [("Content-Type", "application/x-npy")]))
    }

    @Test func `a small inference request and a small file stay where they arrived`() throws {
        let bytes = TensorFiles.bytes([1, 2, 3, 4])
        let (inference, length) = TensorFiles.inference(bytes, [2, 2], parameters: #""op":"max","kernel":"2""#)
        #expect(
            try !isLater(
                "/v2/models/forward/infer", inference, headers: [("Inference-Header-Content-Length", "\(length)")]))
        #expect(
            try !isLater(
                "/v1/forward?op=max&kernel=2", TensorFiles.npy(bytes, [2, 2]),
                headers: [("Content-Type", "application/x-npy")]))
    }

    @Test func `a small body that unpacks to a large one gets its response all the same`() throws {
        let spaces = [UInt8](repeating: 0x20, count: 3 << 20)
        let body = spaces + Array(#"{"op":"max","kernel":2,"input":[[1,2],[3,4]]}"#.utf8)
        for coding in ContentEncoding.allCases {
            let packed = try TensorFiles.compressed(body, coding)
            #expect(try isLater("/v1/forward", packed, headers: [("Content-Encoding", coding.rawValue)]))
        }
        // The second member alone says how long it is.
        let members = try TensorFiles.compressed(spaces, .gzip) + TensorFiles.compressed(Array(body.suffix(100)), .gzip)
        #expect(try isLater("/v1/forward", members, headers: [("Content-Encoding", "gzip")]))
    }
}
