import MicroHTTP
import PoolingEngine

/// How far a request has come on the thread where it arrived.
enum RequestStage: Sendable {
    case prepared(Computation, RequestContext)
    case computed(ComputedResult, Computation, RequestRecord)
    case answered(Result<HTTPResponse, Failure>, RequestRecord)
    case replied(HTTPReply)
}
