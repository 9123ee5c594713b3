import MicroHTTP
import RecycledMemory

/// Adds the headers that every response has, and records the result of the request.
struct ResponseFinalizer: Sendable {
    let crossOrigin: CrossOrigin?

    func finalize(_ result: Result<HTTPResponse, Failure>, _ record: RequestRecord) -> HTTPResponse {
        switch result {
        case .success(let response): finalize(response, nil, record)
        case .failure(let failure): finalize(Problem(failure), record)
        }
    }

    func finalize(_ problem: Problem, _ record: RequestRecord) -> HTTPResponse {
        finalize(problem.response(requestID: record.id, hasError: record.isOpenInference), problem.code, record)
    }

    /// For a request whose head was rejected before there was a record of it.
    func finalize(_ problem: Problem, requestID: String) -> HTTPResponse {
        marked(problem.response(requestID: requestID), requestID, Timings())
    }

    private func finalize(_ response: HTTPResponse, _ code: ProblemCode?, _ record: RequestRecord) -> HTTPResponse {
        let timings = record.update {
            $0.status = response.status
            $0.code = code
            $0.responseByteCount = response.body.byteCount
            return $0.timings
        }
        return marked(response, record.id, timings)
    }

    private func marked(_ unmarked: HTTPResponse, _ requestID: String, _ timings: Timings) -> HTTPResponse {
        var response = unmarked
        response.headers.reserveCapacity(response.headers.count + 2)
        response.headers.append(("X-Request-ID", requestID))
        response.headers.append(("Server-Timing", timings.header))
        crossOrigin?.mark(&response)
        return response
    }
}
