import RecycledMemory
import MicroHTTP
import Testing
import Workers

@testable import PoolingService

@Suite struct PipelineTests {
    private static let small = #"{"op":"max","kernel":2,"input":[[1,2],[3,4]]}"#
    /// A body that is too large to be decoded on the connection's thread.
    private static let large = {
        let row = "[" + Array(repeating: "1", count: 200).joined(separator: ",") + "]"
        let rows = Array(repeating: row, count: 200).joined(separator: ",")
        return #"{"op":"sum","region":"global","input":["# + rows + "]}"
    }()

    private func respond(
        _ direct: DirectService, _ body: String, from client: Client? = nil
    ) throws -> (response: HTTPResponse, isLater: Bool) {
        let head = HTTPRequestHead(
            method: "POST", path: "/v1/forward", contentLength: body.utf8.count)
        let (context, rejection) = direct.service.decide(head)
        guard rejection == nil else { throw NotReceived() }
        defer { direct.service.completed(context: context, wasSent: true) }
        return direct.respond(to: head, Bytes(copying: body.utf8), context, from: client)
    }

    private struct NotReceived: Error {}

    @Test func `a small request gets its response where it arrived`() throws {
        let (response, isLater) = try respond(DirectService(), Self.small)
        #expect(!isLater)
        #expect(response.text == #"{"output":[[4]],"output_shape":[1,1]}"#)
    }

    @Test func `a large body is decoded and computed by a worker`() throws {
        let (response, isLater) = try respond(DirectService(), Self.large)
        #expect(isLater)
        #expect(response.text == #"{"output":[[40000]],"output_shape":[1,1]}"#)
    }

    @Test func `no work is done for a client that has gone`() throws {
        let (direct, client) = (try DirectService(), try Client())
        client.leave()
        let (response, isLater) = try respond(direct, Self.large, from: client)
        #expect(isLater)
        #expect(response.status == 499)
        #expect(direct.service.metrics.total().work.isEmpty)
    }

    @Test func `a closed workers turns away what needs a worker, and only that`() throws {
        let direct = try DirectService()
        direct.service.workers.close()
        let (rejected, _) = try respond(direct, Self.large)
        #expect(rejected.status == 503)
        #expect(rejected.text.contains(#""code":"draining""#))
        #expect(try respond(direct, Self.small).response.status == 200)
        #expect(direct.service.admission.memory.reservedByteCount == 0)
    }

    @Test func `a deadline that has passed is a 504`() throws {
        var configuration = Configuration()
        configuration.requestTimeout = .zero
        for body in [Self.small, Self.large] {
            let (response, _) = try respond(DirectService(configuration), body)
            #expect(response.status == 504)
            #expect(response.text.contains(#""code":"deadline_exceeded""#))
        }
    }

    @Test func `a result over the limit is a 413`() throws {
        var configuration = Configuration()
        configuration.maxResult = 8
        let input = #"{"op":"max","kernel":1,"input":[[1,2],[3,4]]}"#
        let (response, _) = try respond(DirectService(configuration), input)
        #expect(response.status == 413)
        #expect(response.text.contains(#""code":"too_large""#))
    }

    /// Each at another step: read here and computed here or on a worker, read on a worker, rejected, not there.
    @Test func `requests that arrive together get the responses that they get alone`() throws {
        let direct = try DirectService()
        let medium = #"{"op":"max","region":"adaptive","output_size":[80,80],"input":[[1,2],[3,4]]}"#
        let bodies = [Self.small, Self.large, medium, #"{"op":"max","kernel":9,"input":[1]}"#, "{", Self.small]
        let alone = bodies.map { direct.post("/v1/forward", $0, headers: [("X-Request-ID", "same")]).text }
        let requests = try bodies.map { body in
            let head = HTTPRequestHead(
                method: "POST", path: "/v1/forward", headers: [("X-Request-ID", "same")],
                contentLength: body.utf8.count)
            let (context, rejection) = direct.service.decide(head)
            guard rejection == nil else { throw NotReceived() }
            return HTTPRequest(head: head, body: Bytes(copying: body.utf8), context: context, socket: nil)
        }
        let decisions = direct.service.respond(to: requests)
        #expect(zip(requests, decisions).map { direct.response(to: $0, $1).response.text } == alone)
        for request in requests { direct.service.completed(context: request.context, wasSent: true) }
        #expect(direct.service.admission.memory.reservedByteCount == 0)
    }
}
