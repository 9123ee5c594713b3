package import RecycledMemory
package import PoolingEngine
package import PoolingWire

/// A wire format of tensors.
///
/// A new one is a type like this and a line in `TensorCodec+List.swift`.
package protocol TensorCodec: Sendable {
    /// The media types that it reads; the first is the one that it responds with.
    var mediaTypes: [String] { get }

    /// Reads a body that is not packed.
    func decode(
        _ message: Message, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(Failure) -> DecodedRequest

    /// - Returns: a body, and the headers that belong to it.
    /// - Throws: for a result that the format cannot hold, and where memory or time is up.
    func encode(
        _ result: PoolingResult, as format: ResponseFormat, in workspace: Workspace
    ) throws(EncodingFailure) -> ([Bytes], headers: [(name: String, value: String)])

    /// The media type of a response that no `Accept` asks another one for.
    func standardMediaType(of request: DecodedRequest) -> String

    /// How many bytes a body unpacks to by what it says of itself; nil where that is no more than it has.
    func unpackedByteCount(of body: Bytes) -> Int?

    /// How many of the first bytes of a body have the fields of the request; 0 where these are in the query.
    func fieldByteCount(in body: Bytes, _ headers: RequestHeaders) -> Int

    /// About how many bytes the response takes, without a result of so many.
    func responseByteCount(resultByteCount: Int, _ format: ResponseFormat) -> Int
}

extension TensorCodec {
    package func standardMediaType(of request: DecodedRequest) -> String { mediaType }
    package func unpackedByteCount(of body: Bytes) -> Int? { nil }
    package func fieldByteCount(in body: Bytes, _ headers: RequestHeaders) -> Int { 0 }

    /// Tensors are sent from where they are.
    package func responseByteCount(resultByteCount: Int, _ format: ResponseFormat) -> Int { 0 }

    /// The media type that it responds with.
    package var mediaType: String { mediaTypes.first ?? "" }

    /// The headers of a response in a format that `Accept` selected.
    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        // With room for what the finalizer adds.
        headers.reserveCapacity(4)
        headers.append(("Content-Type", mediaType))
        headers.append(("Vary", "Accept"))
        return headers
    }
}

extension Message {
    /// The request of a format that has no place for parameters, which are in the query.
    ///
    /// - Parameter decode: reads the body.
    func decoded(
        _ decode: (RequestParameters) throws(WireError) -> PoolingRequest
    ) throws(Failure) -> DecodedRequest {
        try Failure.wrapping { () throws(WireError) in
            let parameters = try query.map { (query) throws(WireError) in try QueryString.parse(query) } ?? .none
            return DecodedRequest(try decode(parameters), form: parameters.responseForm)
        }
    }
}
