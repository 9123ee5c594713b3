package import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory
import Workers

/// A failure as HTTP tells it: a document of RFC 9457, its status, and the headers that belong to it.
package struct Problem: Sendable {
    package let status: Int
    package let code: ProblemCode
    package let detail: String
    /// A JSON pointer, or the name of a query parameter with a slash in front; empty for the whole request.
    package var pointer = ""
    package var headers: [(name: String, value: String)] = []

    init(_ status: Int, _ code: ProblemCode, _ detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    /// The whole response.
    ///
    /// - Parameter hasError: whether the detail is also written as `error`, where clients of the Open Inference Protocol
    ///   look for it.
    package func response(requestID: String, hasError: Bool = false) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [("Content-Type", "application/problem+json")] + headers,
            body: [Bytes(copying: document(requestID: requestID, hasError: hasError))])
    }

    func document(requestID: String, hasError: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(384)
        bytes.append(text: "{\"type\":\"urn:pooling-server:problem:")
        bytes.append(text: code.rawValue)
        bytes.append(text: "\",\"title\":")
        bytes.append(jsonString: code.title)
        bytes.append(text: ",\"status\":")
        bytes.append(decimal: status)
        bytes.append(text: ",\"detail\":")
        bytes.append(jsonString: detail)
        bytes.append(text: ",\"code\":\"")
        bytes.append(text: code.rawValue)
        bytes.append(text: "\",\"pointer\":")
        bytes.append(jsonString: pointer)
        bytes.append(text: ",\"request_id\":")
        bytes.append(jsonString: requestID)
        if hasError {
            bytes.append(text: ",\"error\":")
            bytes.append(jsonString: detail)
        }
        bytes.append(text: "}")
        return bytes
    }
}
