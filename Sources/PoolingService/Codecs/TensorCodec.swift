package import PoolingEngine
package import PoolingWire
package import RecycledMemory

/// A wire format of tensors.
///
/// A new one is a type like this and a line in ``CodecList``.
package protocol TensorCodec: Sendable {
    /// The media types that it reads; the first is the one that it responds with.
    var mediaTypes: [String] { get }

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest

    /// - Parameter form: how tensors are to be written; formats other than JSON have one form.
    /// - Throws: for a result that the format cannot hold, and where memory or time is up.
    func encode(
        _ result: PoolingResult, form: TensorForm, in workspace: Workspace
    ) throws(EncodingFailure) -> [Bytes]

    /// The media type of a response that no `Accept` asks another one for.
    func standardMediaType(of request: PoolingRequest) -> String

    /// How many bytes a body unpacks to by what it says of itself, or as many as its work is worth; nil where that is no more
    /// than the body has.
    func unpackedByteCount(of body: Bytes) -> Int?

    /// About how many bytes the response takes, without a result of so many.
    func responseByteCount(resultByteCount: Int, form: TensorForm) -> Int
}

extension TensorCodec {
    package func standardMediaType(of request: PoolingRequest) -> String { mediaType }
    package func unpackedByteCount(of body: Bytes) -> Int? { nil }

    /// Tensors are sent from where they are.
    package func responseByteCount(resultByteCount: Int, form: TensorForm) -> Int { 0 }

    /// The media type that it responds with.
    package var mediaType: String { mediaTypes.first ?? "" }
}

/// A request on tensors as it came, its content coding undone.
package struct TensorMessage: Sendable {
    let body: Bytes
    /// As sent; nil where the URL has none.
    let query: String?
    let endpoint: PoolingRequest.Endpoint
    /// What a body may take, and what is in it once it is unpacked.
    let bodyLimit: Int
    let workspace: Workspace

    /// The request of a format that has no place for parameters, which are in the query.
    ///
    /// - Parameter decode: reads the body.
    func decoded(
        _ decode: (RequestParameters) throws(WireError) -> PoolingRequest
    ) throws(Failure) -> DecodedRequest {
        try Failure.wrapping { () throws(WireError) in
            let parameters = try query.map { (query) throws(WireError) in try QueryString.parse(query) } ?? .none
            return DecodedRequest(request: try decode(parameters), form: parameters.responseForm)
        }
    }
}

/// A request out of any wire format.
package struct DecodedRequest: Sendable {
    package let request: PoolingRequest
    package let form: TensorForm

    package init(request: PoolingRequest, form: TensorForm?) {
        self.request = request
        self.form = form ?? .nested
    }
}

extension Failure {
    /// Runs `body`, whose errors are about the bytes of a request.
    static func wrapping<Value>(_ body: () throws(WireError) -> Value) throws(Failure) -> Value {
        do throws(WireError) {
            return try body()
        } catch {
            throw .wire(error)
        }
    }

    /// Runs `body`, whose errors are about what a request asks for.
    static func rejecting<Value>(_ body: () throws(PoolingError) -> Value) throws(Failure) -> Value {
        do throws(PoolingError) {
            return try body()
        } catch {
            throw .rejected(error)
        }
    }

    /// Runs `body`, whose errors are about memory.
    static func reserving<Value>(_ body: () throws(MemoryShortage) -> Value) throws(Failure) -> Value {
        do throws(MemoryShortage) {
            return try body()
        } catch {
            throw .wire(.memory(error))
        }
    }
}
