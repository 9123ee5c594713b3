import MicroHTTP

extension Problem {
    /// The response to a request that the HTTP layer rejects by itself.
    init(_ rejection: HTTPRejection) {
        let status = rejection.status
        let code: ProblemCode =
            switch status {
            case 403: .unauthorized
            case 408: .timeout
            case 413: .tooLarge
            case 503: .overloaded
            default: status == 501 || status == 505 || status < 500 ? .malformedRequest : .internal
            }
        self.init(status, code, rejection.detail)
        if code == .overloaded { headers = [("Retry-After", "1")] }
    }
}
