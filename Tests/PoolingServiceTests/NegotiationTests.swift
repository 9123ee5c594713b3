import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct NegotiationTests {
    @Test(arguments: [
        nil, "application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8",
        "application/x-www-form-urlencoded", "text/plain", "text/plain;charset=UTF-8",
    ])
    func `JSON is read under its names and without any`(_ contentType: String?) throws {
        let codec = try [any TensorCodec].standard(bodyLimit: 1 << 20).decoder(contentType: contentType)
        #expect(codec.mediaTypes.first == "application/json")
    }

    @Test(arguments: ["text/html", "application/octet-stream", "application/jsonp", ""])
    func `other media types are a 415 that names what is understood`(_ contentType: String) throws {
        let response = try DirectService().post("/v1/forward", "{}", headers: [("Content-Type", contentType)])
        #expect(response.status == 415)
        #expect(response.header("Accept")?.contains("application/json") == true)
    }

    @Test(arguments: [
        ("*/*", true), ("application/*", true), ("text/html, application/json;q=0.1", true), ("*", true),
        ("text/html", false), ("application/json;q=0", false), ("application/json;q=0, */*", false), ("", false),
        ("*/*;q=0.1, application/json;q=0", false), ("application/json;q=nonsense", false),
    ])
    func `Accept decides by its most specific range`(_ accept: String, _ isAcceptable: Bool) throws {
        let response = try DirectService().post("/v1/shape", "{", headers: [("Accept", accept)])
        #expect(response.status == (isAcceptable ? 400 : 406))
    }

    @Test func `a content coding that is not understood is a 415`() throws {
        let response = try DirectService().post("/v1/forward", "{}", headers: [("Content-Encoding", "br")])
        #expect(response.status == 415)
        #expect(response.header("Accept-Encoding")?.contains("identity") == true)
    }

    @Test func `a query together with a JSON body is rejected by the name of its first field`() throws {
        let response = try DirectService().post("/v1/forward?a%2Fb=1&c=2", "{}")
        #expect(response.status == 422)
        #expect(response.text.contains(#""pointer":"/a~1b""#))
        #expect(response.text.contains(#""code":"unused_field""#))
    }

    @Test(arguments: ["%", "%4", "%zz", "%ff"])
    func `a query that cannot be decoded is a 400`(_ query: String) throws {
        #expect(try DirectService().post("/v1/forward?\(query)", "{}").status == 400)
    }
}
