package import MicroHTTP
package import PoolingEngine
package import PoolingWire

/// A wire format of tensors.
///
/// A new one is a type like this and a line in ``CodecList``.
package protocol TensorCodec: Sendable {
    /// The media types that it reads; the first is the one that it answers with.
    var mediaTypes: [String] { get }

    /// - Parameter query: the query string as sent, where one was.
    func decode(
        _ body: HTTPBody, query: String?, as endpoint: PoolingRequest.Endpoint
    ) throws(Failure) -> DecodedRequest

    /// - Parameter form: how a request in JSON asked for its tensors; other formats have one form.
    /// - Throws: `notAcceptable` for a result that the format cannot hold.
    func encode(_ result: PoolingResult, form: TensorForm) throws(Failure) -> HTTPResponse.Body
}

/// A request out of any wire format.
package struct DecodedRequest: Sendable {
    package let request: PoolingRequest
    package let form: TensorForm

    package init(request: PoolingRequest, form: TensorForm = .nested) {
        self.request = request
        self.form = form
    }
}
