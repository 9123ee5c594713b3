/// What a caller asks of the engine, whatever wire format carried it.
package struct PoolingRequest: Sendable {
    /// The operations on tensors; `POST /v1/shape` carries no tensor and has ``ShapeQuery``.
    package enum Endpoint: String, CaseIterable, Sendable {
        case forward, backward, unpool
    }

    package var endpoint: Endpoint
    /// The request's `dtype`: what a main tensor of another type is converted to first.
    package var elementType: ElementType?
    /// Whether the main tensor is a picture, whose output is one too unless `dtype` says otherwise.
    package var isPicture = false
    /// Every field that is neither a tensor nor a matter of the wire (`dtype`, `response_form`); no name twice, no nulls.
    package var fields: [Field]
    package var tensors: [TensorName: Tensor]
    /// The tensors of entries of `ops`, `layers` and `grad_outputs`, which ``fields`` has without them.
    package var nested: [TensorPath: Tensor]

    package init(
        endpoint: Endpoint, elementType: ElementType? = nil, fields: [Field] = [], tensors: [TensorName: Tensor] = [:],
        nested: [TensorPath: Tensor] = [:]
    ) {
        self.endpoint = endpoint
        self.elementType = elementType
        self.fields = fields
        self.tensors = tensors
        self.nested = nested
    }
}
