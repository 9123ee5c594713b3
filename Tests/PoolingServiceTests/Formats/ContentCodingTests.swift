import MicroHTTP
import PoolingWire
import Testing

@testable import PoolingService

@Suite(.serialized, .runningServer) struct ContentCodingTests {
    private static let request = Array(#"{"op":"max","kernel":2,"input":[[1,2],[3,4]]}"#.utf8)
    private static let response = #"{"output":[[4]],"output_shape":[1,1]}"#

    /// A request whose response has 4096 numbers that repeat.
    private static let large = {
        let row = "[" + Array(repeating: "1.25", count: 64).joined(separator: ",") + "]"
        let rows = Array(repeating: row, count: 64).joined(separator: ",")
        return Array(#"{"op":"max","kernel":1,"input":["#.utf8) + Array(rows.utf8) + Array("]}".utf8)
    }()

    @Test(arguments: ContentEncoding.allCases)
    func `a compressed request gets the response of the plain one`(_ encoding: ContentEncoding) throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward", headers: ["Content-Encoding": encoding.rawValue],
            body: try TensorFiles.compressed(Self.request, encoding))
        #expect(response.text == Self.response)
    }

    @Test(arguments: ["GZIP", "x-gzip"])
    func `a coding has another case or its old name`(_ name: String) throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward", headers: ["Content-Encoding": name],
            body: try TensorFiles.compressed(Self.request, .gzip))
        #expect(response.text == Self.response)
    }

    @Test(arguments: ContentEncoding.allCases)
    func `every truncation of a compressed body is a 400`(_ encoding: ContentEncoding) throws {
        let server = try #require(RunningServer.current)
        let body = try TensorFiles.compressed(Self.request, encoding)
        for count in 1..<body.count {
            let response = try server.connect().exchange(
                "POST", "/v1/forward", headers: ["Content-Encoding": encoding.rawValue], body: Array(body[..<count]))
            #expect(response.status == 400)
            #expect(response.text.contains(#""code":"malformed_request""#))
        }
    }

    @Test(arguments: ContentEncoding.allCases)
    func `a body that unpacks beyond the limit is a 413`(_ encoding: ContentEncoding) throws {
        let bomb = try TensorFiles.compressed([UInt8](repeating: 0x20, count: (64 << 20) + 1), encoding)
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward", headers: ["Content-Encoding": encoding.rawValue], body: bomb)
        #expect(response.status == 413)
        #expect(response.text.contains(#""code":"too_large""#))
    }

    @Test(arguments: ["br", "gzip, gzip", "gzip;q=1", ""])
    func `another coding is a 415 that names what is understood`(_ coding: String) throws {
        let response = try DirectService().post("/v1/forward", "{}", headers: [("Content-Encoding", coding)])
        #expect(response.status == 415)
        #expect(response.header("Accept-Encoding") == "gzip, deflate, zstd, identity")
    }

    @Test(arguments: [
        ("gzip", "gzip"), ("deflate", "deflate"), ("zstd", "zstd"), ("gzip, deflate, zstd", "zstd"),
        ("gzip;q=0.9, zstd;q=0.5", "gzip"), ("*", "zstd"), ("*;q=0.5, zstd;q=0", "gzip"), ("GZip", "gzip"),
        ("br", nil), ("gzip;q=0", nil), ("identity, gzip;q=0.5", nil), ("", nil), ("*;q=0", nil),
    ])
    func `a large response is compressed as the client likes it best`(_ accepted: String, _ coding: String?) throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward", headers: ["Accept-Encoding": accepted], body: Self.large)
        #expect(response.status == 200)
        #expect(response["Content-Encoding"] == coding)
        #expect(response["Vary"]?.contains("Accept-Encoding") == true)
        let plain = try TensorFiles.decompressed(response.body, coding)
        #expect(String(decoding: plain, as: UTF8.self).hasSuffix(#"1.25]],"output_shape":[64,64]}"#))
    }

    @Test func `a small response is sent as it is`() throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward", headers: ["Accept-Encoding": "gzip"], body: Self.request)
        #expect(response.text == Self.response)
        #expect(response["Content-Encoding"] == nil)
    }

    @Test func `what hardly shrinks is sent as it is`() throws {
        var state: UInt64 = 1
        let noise = (0..<(1 << 17)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward?op=max&kernel=1",
            headers: ["Accept-Encoding": "gzip", "Content-Type": "application/x-npy"],
            body: TensorFiles.npy(noise, [1 << 7, 1 << 10], "|u1"))
        #expect(response["Content-Encoding"] == nil)
        #expect(Array(response.body.suffix(noise.count)) == noise)
    }

    @Test func `documents are compressed too`() throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "GET", "/openapi.yaml", headers: ["Accept-Encoding": "gzip"])
        #expect(response["Content-Encoding"] == "gzip")
        #expect(try TensorFiles.decompressed(response.body, "gzip") == EmbeddedFiles.openAPI)
    }

    @Test func `memory that was set aside for unpacking is given back`() throws {
        let direct = try DirectService()
        let body = try TensorFiles.compressed(Self.request, .zstd)
        let response = direct.post(
            "/v1/forward", bytes: body, headers: [("Content-Encoding", "zstd")])
        #expect(response.status == 200)
        #expect(direct.service.admission.memory.reservedByteCount == 0)
    }

    @Test func `unpacking waits for no memory that others use`() throws {
        var configuration = Configuration()
        configuration.memoryBudget = 1 << 20
        let spaces = [UInt8](repeating: 0x20, count: 2 << 20)
        let response = try DirectService(configuration).post(
            "/v1/forward", bytes: try TensorFiles.compressed(spaces, .gzip), headers: [("Content-Encoding", "gzip")])
        #expect(response.status == 413)
    }
}
