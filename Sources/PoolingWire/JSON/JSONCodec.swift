package import PoolingEngine

/// JSON requests and answers, as the HTTP contract writes them.
package enum JSONCodec {
    /// A decoded request and the form in which its answer is to be written.
    package struct Decoded: Sendable {
        package let request: PoolingRequest
        package let form: TensorForm

        package init(request: PoolingRequest, form: TensorForm) {
            self.request = request
            self.form = form
        }
    }

    /// Reads a request on tensors (`/v1/forward`, `/v1/backward`, `/v1/unpool`).
    package static func decode(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint
    ) throws(WireError) -> Decoded {
        throw .malformed(.json, offset: 0, detail: "not implemented")
    }

    /// Reads a JSON object without tensors (`/v1/shape`); `dtype` is taken out.
    package static func decodeFields(
        _ body: UnsafeRawBufferPointer
    ) throws(WireError) -> (fields: [Field], elementType: ElementType?) {
        throw .malformed(.json, offset: 0, detail: "not implemented")
    }

    /// Writes an answer: each tensor under its name in `form`, then `output_shape` after `output`, `index_base` last.
    package static func encode(_ result: PoolingResult, form: TensorForm) -> [UInt8] { [] }

    /// Writes an object of plain fields.
    package static func encode(_ fields: [Field]) -> [UInt8] { [] }
}
