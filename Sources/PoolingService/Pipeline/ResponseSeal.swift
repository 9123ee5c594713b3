import MicroHTTP

/// Adds what every response carries, and notes what became of the request.
struct ResponseSeal: Sendable {
    let crossOrigin: CrossOrigin?

    func seal(_ result: Result<HTTPResponse, Failure>, _ record: RequestRecord) -> HTTPResponse {
        var response: HTTPResponse
        var code: ProblemCode?
        switch result {
        case .success(let success): response = success
        case .failure(let failure):
            let problem = Problem(failure)
            response = problem.response(requestID: record.id, hasError: record.isOpenInference)
            code = problem.code
        }
        let timings = record.update {
            $0.status = response.status
            $0.code = code
            $0.responseByteCount = response.body.byteCount
            return $0.timings
        }
        response.headers.reserveCapacity(response.headers.count + 2)
        response.headers.append(("X-Request-ID", record.id))
        response.headers.append(("Server-Timing", timings.header))
        crossOrigin?.mark(&response)
        return response
    }
}
