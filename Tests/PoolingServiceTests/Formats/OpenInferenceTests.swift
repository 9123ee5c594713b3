import MicroHTTP
import PoolingEngine
import PoolingWire
import Testing

@testable import PoolingService

@Suite struct OpenInferenceTests {
    private static let request =
        #"{"parameters":{"op":"max","kernel":"2"},"inputs":[{"name":"input","datatype":"FP32","#
        + #""shape":[2,2],"data":[[1,2],[3,4]]}]}"#

    @Test(arguments: [
        "/v2", "/v2/", "/v2/health/live", "/v2/health/ready", "/v2/models/forward", "/v2/models/backward/versions/1",
        "/v2/models/unpool/ready", "/v2/models/forward/versions/1/config", "/v2/models/stats",
        "/v2/models/forw%61rd/stats",
    ])
    func `what clients ask before they infer has a response`(_ path: String) throws {
        let response = try DirectService().send("GET", path)
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "application/json")
    }

    @Test func `all models are in the repository`() throws {
        let text = try DirectService().post("/v2/repository/index", "{}").text
        for model in PoolingRequest.Endpoint.allCases { #expect(text.contains(#""name":"\#(model.rawValue)""#)) }
    }

    @Test(arguments: [
        "/v2/models/resnet", "/v2/models/forward/versions/2/ready", "/v2/models//ready", "/v2/models/%zz",
        "/v2/models/a%2Fb/config", "/v2/nothing", "/v2/models/forward/ready/",
    ])
    func `an unknown model, version or path is a 404 with its error as text`(_ path: String) throws {
        let response = try DirectService().send("GET", path)
        #expect(response.status == 404)
        #expect(response.header("Content-Type") == "application/problem+json")
        #expect(response.text.contains(#""code":"not_found""#))
        #expect(response.text.contains(#""error":""#))
    }

    @Test(arguments: ["/v2/models/forward/infer", "/v2/models/forward/versions/1/infer"])
    func `inference needs no Content-Type, and minds none`(_ path: String) throws {
        let service = try DirectService()
        let expected =
            #"{"model_name":"forward","model_version":"1","outputs":[{"name":"output","datatype":"FP32","#
            + #""shape":[1,1],"data":[4]}]}"#
        #expect(service.post(path, Self.request).text == expected)
        #expect(service.post(path, Self.request, headers: [("Content-Type", "text/plain")]).text == expected)
    }

    @Test func `errors elsewhere have no second text`() throws {
        #expect(try !DirectService().post("/v1/forward", "{").text.contains(#""error""#))
    }

    @Test func `a wrong method is told the right one`() throws {
        let response = try DirectService().send("GET", "/v2/models/forward/infer")
        #expect(response.status == 405)
        #expect(response.header("Allow") == "POST")
    }

    @Test func `a draining instance is not ready and says so for every model`() throws {
        let lifecycle = Lifecycle()
        let service = try DirectService(lifecycle: lifecycle)
        lifecycle.beginDraining()
        #expect(service.send("GET", "/v2/health/ready").status == 503)
        #expect(service.send("GET", "/v2/models/forward/ready").status == 503)
        #expect(service.send("GET", "/v2/health/live").status == 200)
    }

    @Test func `requests are counted for their model under the pattern of the path`() throws {
        let service = try DirectService()
        _ = service.post("/v2/models/forward/infer", Self.request)
        _ = service.post("/v2/models/forward/infer", "{")
        _ = service.post("/v2/models/nothing/infer", "{")
        let total = service.service.metrics.total()
        let statistics = total.statistics(of: .forward)
        #expect(statistics.success.count == 1)
        #expect(statistics.fail.count == 1)
        #expect(statistics.compute.count == 1)
        #expect(statistics.lastInferenceMilliseconds > 0)
        #expect(total.statistics(of: .unpool).success.count == 0)
        #expect(Set(total.durations.keys.map(\.route)) == ["/v2/models/{model}/infer"])
        let text = service.send("GET", "/v2/models/forward/stats").text
        #expect(text.contains(#""inference_count":1"#))
    }

    @Test func `the timeout among the parameters is the deadline, and 0 is none`() throws {
        let service = try DirectService()
        let row = "[" + Array(repeating: "1", count: 300).joined(separator: ",") + "]"
        let rows = Array(repeating: row, count: 300).joined(separator: ",")
        for (timeout, status) in [(1, 504), (0, 200)] {
            let request =
                #"{"parameters":{"op":"max","kernel":2,"timeout":\#(timeout)},"inputs":[{"name":"input","#
                + #""datatype":"FP32","shape":[300,300],"data":[\#(rows)]}]}"#
            #expect(service.post("/v2/models/forward/infer", request).status == status)
        }
    }

    @Test func `a query together with an inference request is rejected`() throws {
        #expect(try DirectService().post("/v2/models/forward/infer?op=max", Self.request).status == 422)
    }
}
