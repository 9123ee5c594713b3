import PoolingEngine
import Testing

@testable import PoolingService

/// Every format in, every format out.
@Suite(.serialized, .runningServer) struct FormatMatrixTests {
    private static let shape = [1, 2, 2, 4]
    private static let values: [Float] = [
        1, -2, 3.5, .nan, -0.0, .infinity, .leastNonzeroMagnitude, 5, -.infinity, -3, 1.1, 0, .greatestFiniteMagnitude,
        -7, -8, -0.0,
    ]
    /// Of 2×2 windows.
    private static let maxima: [Float] = [.infinity, .nan, .greatestFiniteMagnitude, 1.1]
    private static let query = "?op=max&kernel=2"

    /// Media type, URL and body of one request in each format.
    private static let requests: [(type: String, target: String, body: [UInt8])] = {
        let bytes = TensorFiles.bytes(values)
        let json = #"{"op":"max","kernel":2,"input":{"shape":[1,2,2,4],"b64":"\#(TensorFiles.base64(bytes))"}}"#
        return [
            ("application/json", "/v1/forward", Array(json.utf8)),
            ("application/x-npy", "/v1/forward" + query, TensorFiles.npy(bytes, shape)),
            (
                "application/vnd.safetensors", "/v1/forward" + query,
                TensorFiles.safetensors([("input", "F32", shape, bytes)])
            ),
        ]
    }()

    private static let types = requests.map(\.type)

    @Test(arguments: types, types)
    func `the same tensor gives the same bits through every pair of formats`(_ sent: String, _ wanted: String) throws {
        let request = try #require(Self.requests.first { $0.type == sent })
        let form = sent == "application/json" ? "" : "&response_form=b64"
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", request.target + form, headers: ["Content-Type": sent, "Accept": wanted], body: request.body)
        #expect(response.status == 200, "\(response.text)")
        #expect(response["Content-Type"] == wanted)
        let expected = TensorFiles.bytes(Self.maxima)
        if wanted == "application/json" {
            #expect(response.text.contains(#""b64":"\#(TensorFiles.base64(expected))""#))
        } else {
            #expect(Array(response.body.suffix(expected.count)) == expected)
        }
    }

    @Test func `an inference request gives the same bits too`() throws {
        let (body, length) = TensorFiles.inference(
            TensorFiles.bytes(Self.values), Self.shape, parameters: #""op":"max","kernel":"2""#)
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v2/models/forward/infer", headers: ["Inference-Header-Content-Length": "\(length)"], body: body)
        #expect(response.status == 200, "\(response.text)")
        let jsonCount = try #require(response["Inference-Header-Content-Length"].flatMap { Int($0) })
        #expect(Array(response.body[jsonCount...]) == TensorFiles.bytes(Self.maxima))
    }

    @Test(arguments: ["application/x-npy", "application/vnd.safetensors", "image/png"])
    func `without a wish the response has the request's type`(_ type: String) throws {
        let body: [UInt8] =
            switch type {
            case "application/x-npy": TensorFiles.npy([1, 2, 3, 4], [2, 2], "|u1")
            case "image/png": try TensorFiles.example("photo.png")
            default: TensorFiles.safetensors([("input", "U8", [2, 2], [1, 2, 3, 4])])
            }
        for headers in [["Content-Type": type], ["Content-Type": type, "Accept": "*/*"]] {
            let response = try #require(RunningServer.current).connect().exchange(
                "POST", "/v1/forward?op=max&kernel=2", headers: headers, body: body)
            #expect(response.status == 200, "\(response.text)")
            #expect(response["Content-Type"] == type)
            #expect(response["Vary"]?.contains("Accept") == true)
        }
    }

    @Test func `a picture and its pixels as an array are the same tensor`() throws {
        let server = try #require(RunningServer.current)
        let accept = "application/x-npy"
        let picture = try server.connect().exchange(
            "POST", "/v1/forward?op=avg&kernel=4", headers: ["Content-Type": "image/png", "Accept": accept],
            body: try TensorFiles.example("photo.png"))
        let array = try server.connect().exchange(
            "POST", "/v1/forward?op=avg&kernel=4&layout=channels_last",
            headers: ["Content-Type": "application/x-npy"], body: try TensorFiles.example("photo.npy"))
        #expect(picture.status == 200, "\(picture.text)")
        #expect(picture.body == array.body)
    }

    @Test func `the rows of a picture are a sequence`() throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward?op=max&region=sequence",
            headers: ["Content-Type": "image/png", "Accept": "application/json"],
            body: try TensorFiles.example("photo.png"))
        #expect(response.status == 200, "\(response.text)")
        #expect(response.text.contains(#""output_shape":[48,3]"#))
    }

    @Test(arguments: [("nested", "[[4]]"), ("flat", #"{"shape":[1,1],"dtype":"uint8","data":[4]}"#)])
    func `a binary request chooses how its response in JSON is written`(_ form: String, _ output: String) throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward?op=max&kernel=2&response_form=\(form)",
            headers: ["Content-Type": "application/x-npy", "Accept": "application/json"],
            body: TensorFiles.npy([1, 2, 3, 4], [2, 2], "|u1"))
        #expect(response.text == #"{"output":\#(output),"output_shape":[1,1]}"#)
    }

    @Test(arguments: [
        ("application/x-npy", "application/vnd.safetensors"),
        ("application/x-npy, application/json;q=0.5", nil),
        ("image/png", "application/vnd.safetensors"),
    ])
    func `what a format cannot hold is rejected unless another is welcome`(_ accept: String, _ named: String?) throws {
        let request = #"{"op":"max","kernel":2,"return_indices":true,"input":[[1,2],[3,4]]}"#
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward", headers: ["Accept": accept], body: Array(request.utf8))
        if let named {
            #expect(response.status == 406)
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(response.text.contains(named))
        } else {
            #expect(response.status == 200)
            #expect(response["Content-Type"] == "application/json")
        }
    }

    @Test(arguments: ["float32", "bfloat16"])
    func `numbers that are no pixels are no picture, and bfloat16 is no array`(_ dtype: String) throws {
        let request = #"{"op":"max","kernel":2,"dtype":"\#(dtype)","input":[[1,2],[3,4]]}"#
        let accept = dtype == "bfloat16" ? "application/x-npy" : "image/png"
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/forward", headers: ["Accept": accept], body: Array(request.utf8))
        #expect(response.status == 406)
        #expect(response.text.contains("application/vnd.safetensors"))
    }

    @Test func `a small tensor in the query goes together with the body`() throws {
        let response = try #require(RunningServer.current).connect().exchange(
            "POST", "/v1/unpool?kernel=2&indices=[[3]]",
            headers: ["Content-Type": "application/x-npy"], body: TensorFiles.npy([7], [1, 1], "|u1"))
        #expect(response.status == 200, "\(response.text)")
        #expect(Array(response.body.suffix(4)) == [0, 0, 0, 7])
    }
}
