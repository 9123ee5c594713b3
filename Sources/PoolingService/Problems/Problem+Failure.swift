import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// The one place where errors become HTTP.
extension Problem {
    package init(_ failure: Failure) {
        switch failure {
        case .malformed(let malformation, let detail): self.init(400, Self.code(malformation), detail)
        case .rejected(let error):
            let (status, code) = Self.statusAndCode(error.reason)
            self.init(status, code, error.detail)
            pointer = error.field.isEmpty ? "" : "/" + error.field
        case .memory(.system):
            self.init(503, .overloaded, "the machine has no memory left for this request; try again")
            headers = [("Retry-After", "1")]
        case .memory(.budget):
            self.init(503, .overloaded, "other requests use the memory that this one needs; try again")
            headers = [("Retry-After", "1")]
        case .memory(.limit(let needed, let budget)):
            self.init(413, .tooLarge, "the request needs about \(needed) bytes of memory; the budget is \(budget)")
        case .stopped, .deadlineExceeded:
            self.init(504, .deadlineExceeded, "the request's deadline passed before the result was computed")
        case .draining:
            self.init(503, .draining, "the service is shutting down; another instance will respond")
            headers = [("Retry-After", "1")]
        case .clientGone:
            self.init(499, .timeout, "the client closed the connection")
        case .queueFull(let limit):
            self.init(503, .overloaded, "the queue is full (\(limit) requests); try again")
            headers = [("Retry-After", "1")]
        case .bodyTooLarge(let limit):
            self.init(413, .tooLarge, "the request body is larger than the limit of \(limit) bytes")
        case .unauthorized:
            self.init(401, .unauthorized, "send an API key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'")
            headers = [("WWW-Authenticate", "Bearer")]
        case .rateLimited(let seconds):
            self.init(429, .rateLimited, "too many requests from this client; try again in \(seconds) s")
            headers = [("Retry-After", String(seconds))]
        case .notFound(let path, let hint):
            self.init(404, .notFound, "there is nothing at '\(path.prefix(200))'\(hint)")
        case .unknownModel(let name, let known):
            self.init(
                404, .notFound,
                "there is no model '\(name.prefix(200))'; known models are \(known.joined(separator: ", "))")
        case .methodNotAllowed(let method, let allowed):
            let list = allowed.joined(separator: ", ")
            self.init(405, .methodNotAllowed, "the method '\(method.prefix(32))' is not supported here; use \(list)")
            headers = [("Allow", list)]
        case .unsupportedMediaType(let type, let spoken):
            let list = spoken.joined(separator: ", ")
            self.init(
                415, .unsupportedMediaType, "Content-Type '\(type.prefix(200))' is not supported here; send \(list)")
            headers = [("Accept", list)]
        case .unsupportedContentEncoding(let coding, let spoken):
            let list = spoken.joined(separator: ", ")
            self.init(
                415, .unsupportedMediaType, "Content-Encoding '\(coding.prefix(64))' is not supported; use \(list)")
            headers = [("Accept-Encoding", list)]
        case .notAcceptable(let detail):
            self.init(406, .notAcceptable, detail)
        case .http(let rejection):
            self.init(rejection.status, Self.code(ofStatus: rejection.status), rejection.detail)
            if code == .overloaded { headers = [("Retry-After", "1")] }
        case .internal:
            self.init(500, .internal, "the service failed; its log has more under the request's id")
        }
    }

    static func statusAndCode(_ reason: PoolingError.Reason) -> (Int, ProblemCode) {
        switch reason {
        case .missingField: (422, .missingField)
        case .unknownField: (422, .unknownField)
        case .unusedField: (422, .unusedField)
        case .wrongType: (422, .wrongType)
        case .unknownOp: (422, .unknownOp)
        case .unknownRegion: (422, .unknownRegion)
        case .unknownValue: (422, .unknownValue)
        case .outOfRange: (422, .outOfRange)
        case .wrongRank: (422, .wrongRank)
        case .wrongLength: (422, .wrongLength)
        case .raggedArray: (422, .raggedArray)
        case .shapeMismatch: (422, .shapeMismatch)
        case .kernelTooLarge: (422, .kernelTooLarge)
        case .emptyWindow: (422, .emptyWindow)
        case .indexOutOfRange: (422, .indexOutOfRange)
        case .notRepresentable: (422, .notRepresentable)
        case .integerOverflow: (422, .integerOverflow)
        case .unsupportedCombination: (422, .unsupportedCombination)
        case .resultTooLarge: (413, .tooLarge)
        case .workTooLarge: (413, .tooLarge)
        case .planTooLarge: (413, .tooLarge)
        case .outOfMemory: (503, .overloaded)
        case .stopped: (504, .deadlineExceeded)
        }
    }

    private static func code(_ malformation: WireError.Malformation) -> ProblemCode {
        switch malformation {
        case .json: .malformedJSON
        case .npy: .malformedNpy
        case .safetensors: .malformedSafetensors
        case .png: .malformedPNG
        case .request: .malformedRequest
        case .duplicateKey: .duplicateKey
        case .tooDeep: .tooDeep
        }
    }

    private static func code(ofStatus status: Int) -> ProblemCode {
        switch status {
        case 403: .unauthorized
        case 408: .timeout
        case 413: .tooLarge
        case 503: .overloaded
        case 501, 505, ..<500: .malformedRequest
        default: .internal
        }
    }
}
