import MicroHTTP
import PoolingEngine
import PoolingWire
import Testing

@testable import PoolingService

/// `Pooling-Notice`, whatever the format.
@Suite struct NoticeHeaderTests {
    private static let shape = [5, 6, 3]
    private static let bytes = TensorFiles.bytes([Float](repeating: 1, count: 90))
    private static let query = "/v1/forward?op=max&kernel=2"

    private func notices(_ response: HTTPResponse) -> [String] {
        response.headers.filter { $0.name == "Pooling-Notice" }.map(\.value)
    }

    private func expectNotice(_ response: HTTPResponse) {
        #expect(response.status == 200, "\(response.text)")
        #expect(notices(response).count == 1)
        #expect(notices(response).first?.hasPrefix("the input has shape [5, 6, 3]") == true)
    }

    @Test func `JSON carries it, planned anew or from memory`() throws {
        let service = try DirectService()
        let body =
            #"{"op":"max","kernel":2,"input":{"shape":[5,6,3],"b64":"\#(TensorFiles.base64(Self.bytes))"}}"#
        for _ in 0..<2 { expectNotice(service.post("/v1/forward", body)) }
    }

    @Test func `npy and safetensors carry it`() throws {
        let service = try DirectService()
        let npy = TensorFiles.npy(Self.bytes, Self.shape)
        expectNotice(service.post(Self.query, bytes: npy, headers: [("Content-Type", PoolingWire.MediaType.npy)]))
        let file = TensorFiles.safetensors([("input", "F32", Self.shape, Self.bytes)])
        expectNotice(
            service.post(Self.query, bytes: file, headers: [("Content-Type", PoolingWire.MediaType.safetensors)]))
    }

    @Test func `inference requests carry it`() throws {
        let (body, length) = TensorFiles.inference(Self.bytes, Self.shape, parameters: #""op":"max","kernel":"2""#)
        expectNotice(
            try DirectService().post(
                "/v2/models/forward/infer", bytes: body,
                headers: [("Inference-Header-Content-Length", String(length))]))
    }

    @Test func `shape queries and gradients carry it`() throws {
        let service = try DirectService()
        expectNotice(service.post("/v1/shape", #"{"op":"max","kernel":2,"input_shape":[5,6,3]}"#))
        expectNotice(
            service.post(
                "/v1/backward",
                #"{"op":"avg","kernel":2,"input_shape":[5,6,3],"grad_output":{"shape":[5,3,1],"data":"#
                    + #"[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}}"#))
    }

    @Test func `two notices are two headers`() throws {
        let body =
            #"{"op":"max","kernel":[2],"stride":1,"input":{"shape":[5,6,3],"b64":"\#(TensorFiles.base64(Self.bytes))"}}"#
        #expect(notices(try DirectService().post("/v1/forward", body)).count == 2)
    }

    @Test func `a picture and a layout that is named carry none`() throws {
        let service = try DirectService()
        let picture = try TensorFiles.example("photo.png")
        let response = service.post(Self.query, bytes: picture, headers: [("Content-Type", PoolingWire.MediaType.png)])
        #expect(response.status == 200)
        #expect(notices(response) == [])
        let body =
            #"{"op":"max","kernel":2,"layout":"channels_last","input":{"shape":[5,6,3],"b64":"\#(TensorFiles.base64(Self.bytes))"}}"#
        #expect(notices(service.post("/v1/forward", body)) == [])
    }

    @Test func `defaults without a place are accepted in every format`() throws {
        let service = try DirectService()
        let npy = TensorFiles.npy(Self.bytes, Self.shape)
        let query = Self.query + "&overlapping=False&q=0.5&return_indices=0&layout=channels_first"
        let response = service.post(query, bytes: npy, headers: [("Content-Type", PoolingWire.MediaType.npy)])
        #expect(response.status == 200, "\(response.text)")
        let parameters =
            #""op":"sum","kernel":"2","overlapping":false,"index_base":"plane","spatial_scale":1.0,"q":"0.5""#
        let (body, length) = TensorFiles.inference(Self.bytes, Self.shape, parameters: parameters)
        let inference = service.post(
            "/v2/models/forward/infer", bytes: body, headers: [("Inference-Header-Content-Length", String(length))])
        #expect(inference.status == 200, "\(inference.text)")
    }
}
