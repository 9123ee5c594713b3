import Testing

/// A body that ends too early is told so, whatever its format.
@Suite(.serialized, .runningServer) struct TruncationTests {
    private static let values = TensorFiles.bytes([1, 2, 3, 4])

    private func statuses(_ type: String, _ body: [UInt8]) throws -> Set<Int> {
        let server = try #require(RunningServer.current)
        var connection = try server.connect()
        var statuses: Set<Int> = []
        for count in 0..<body.count {
            let response = try connection.exchange(
                "POST", "/v1/forward?op=max&kernel=2", headers: ["Content-Type": type], body: Array(body[..<count]))
            statuses.insert(response.status)
            #expect(response["Content-Type"] == "application/problem+json")
            if response["Connection"] == "close" { connection = try server.connect() }
        }
        return statuses
    }

    @Test func `npy`() throws {
        #expect(try statuses("application/x-npy", TensorFiles.npy(Self.values, [2, 2])) == [400])
    }

    @Test func `safetensors`() throws {
        let body = TensorFiles.safetensors([("input", "F32", [2, 2], Self.values)])
        #expect(try statuses("application/vnd.safetensors", body) == [400])
    }

    @Test func `PNG`() throws {
        #expect(try statuses("image/png", Array(try TensorFiles.example("photo.png").prefix(900))) == [400])
    }

    @Test func `an inference request`() throws {
        let (body, length) = TensorFiles.inference(Self.values, [2, 2], parameters: #""op":"max","kernel":2"#)
        let server = try #require(RunningServer.current)
        for count in 0..<body.count {
            for header in ["\(length)", "\(count)"] {
                let response = try server.connect().exchange(
                    "POST", "/v2/models/forward/infer", headers: ["Inference-Header-Content-Length": header],
                    body: Array(body[..<count]))
                #expect((400...422).contains(response.status))
                #expect(response.text.contains(#""error":"#))
            }
        }
    }
}
