package import MicroHTTP
package import PoolingEngine
package import PoolingWire
package import RecycledMemory
import Workers

/// Every way in which a request can fail, before it becomes a ``Problem``.
///
/// The errors of all modules arrive here in one spelling for each kind.
package enum Failure: Error, Sendable {
    /// These bytes, or this header, are no request; `detail` says where.
    case malformed(WireError.Malformation, detail: String)
    /// Understood, and cannot be done.
    case rejected(PoolingError)
    /// There is no memory for it.
    case memory(MemoryShortage)
    /// A cancellation ended the work.
    case stopped
    case deadlineExceeded
    case draining
    /// The client is gone, so there is no response.
    case clientGone
    case queueFull(limit: Int)
    case bodyTooLarge(limit: Int)
    case unauthorized
    case rateLimited(retryAfterSeconds: Int)
    /// - Parameter hint: what may have been meant, as the end of a sentence; or nothing.
    case notFound(path: String, hint: String)
    case unknownModel(String, known: [String])
    case methodNotAllowed(method: String, allowed: [String])
    case unsupportedMediaType(String, spoken: [String])
    case unsupportedContentEncoding(String, spoken: [String])
    /// No format that the client accepts can hold the response.
    case notAcceptable(detail: String)
    /// The HTTP layer rejected the request by itself.
    case http(HTTPRejection)
    case `internal`

    init(_ error: WireError) {
        switch error {
        case .malformed(let malformation, _, let detail): self = .malformed(malformation, detail: detail)
        case .rejected(let error): self.init(error)
        case .memory(let shortage): self = .memory(shortage)
        case .stopped: self = .stopped
        }
    }

    init(_ error: PoolingError) {
        switch error.reason {
        case .outOfMemory: self = .memory(.system)
        case .stopped: self = .stopped
        case .missingField, .unknownField, .unusedField, .wrongType, .unknownOp, .unknownRegion, .unknownValue,
            .outOfRange, .wrongRank, .wrongLength, .raggedArray, .shapeMismatch, .kernelTooLarge, .emptyWindow,
            .indexOutOfRange, .notRepresentable, .integerOverflow, .unsupportedCombination, .resultTooLarge,
            .workTooLarge, .planTooLarge:
            self = .rejected(error)
        }
    }

    init(_ rejection: Workers.Rejection) {
        switch rejection {
        case .queueFull(let limit): self = .queueFull(limit: limit)
        case .closing: self = .draining
        }
    }

    /// Runs `body`, whose errors are about the bytes of a request.
    static func wrapping<Value>(_ body: () throws(WireError) -> Value) throws(Failure) -> Value {
        do throws(WireError) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }

    /// Runs `body`, whose errors are about what a request asks for.
    static func rejecting<Value>(_ body: () throws(PoolingError) -> Value) throws(Failure) -> Value {
        do throws(PoolingError) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }

    /// Runs `body`, whose errors are about memory.
    static func reserving<Value>(_ body: () throws(MemoryShortage) -> Value) throws(Failure) -> Value {
        do throws(MemoryShortage) {
            return try body()
        } catch {
            throw .memory(error)
        }
    }
}
