/// What the HTTP layer turns away by itself, by its status.
enum HTTPRefusal: Sendable {
    case malformed(status: Int)
    case forbidden
    case timeout
    case tooLarge
    case unavailable
    case unexpected(status: Int)

    init(status: Int) {
        switch status {
        case 400, 411, 414, 417, 431, 501, 505: self = .malformed(status: status)
        case 403: self = .forbidden
        case 408: self = .timeout
        case 413: self = .tooLarge
        case 503: self = .unavailable
        default: self = .unexpected(status: status)
        }
    }
}

extension Problem {
    init(_ refusal: HTTPRefusal, detail: String) {
        switch refusal {
        case .malformed(let status): self.init(status, .malformedRequest, detail)
        case .forbidden: self.init(403, .unauthorized, detail)
        case .timeout: self.init(408, .timeout, detail)
        case .tooLarge: self.init(413, .tooLarge, detail)
        case .unavailable:
            self.init(503, .overloaded, detail)
            headers = [("Retry-After", "1")]
        case .unexpected(let status): self.init(status, status >= 500 ? .internal : .malformedRequest, detail)
        }
    }
}
