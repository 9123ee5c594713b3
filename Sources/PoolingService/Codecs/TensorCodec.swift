package import MicroHTTP
package import PoolingEngine
package import PoolingWire

/// A wire format of tensors.
///
/// A new one is a type like this and a line in ``CodecList``.
package protocol TensorCodec: Sendable {
    /// The media types that it reads; the first is the one that it answers with.
    var mediaTypes: [String] { get }

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest

    /// - Parameter form: how tensors are to be written; formats other than JSON have one form.
    /// - Throws: for a result that the format cannot hold.
    func encode(_ result: PoolingResult, form: TensorForm) throws(EncodingRefusal) -> HTTPResponse.Body
}

extension TensorCodec {
    /// The media type that it answers with.
    var mediaType: String { mediaTypes.first ?? "" }
}

/// A request on tensors as it came, its content coding undone.
package struct TensorMessage: Sendable {
    let body: HTTPBody
    /// As sent; nil where the URL has none.
    let query: String?
    let endpoint: PoolingRequest.Endpoint
    /// What a body may take, and what is in it once it is unpacked.
    let bodyLimit: Int
    let reservation: Reservation

    /// The query as the parameters of a format that has no place for them.
    func parameters() throws(WireError) -> RequestParameters {
        try query.map { (query) throws(WireError) in try QueryString.parse(query) } ?? .none
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
}
