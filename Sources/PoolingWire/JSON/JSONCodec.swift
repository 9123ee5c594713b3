package import PoolingEngine
package import RecycledMemory

/// JSON requests and responses, as the HTTP contract writes them.
package enum JSONCodec {
    /// Reads a request on tensors (`/v1/forward`, `/v1/backward`, `/v1/unpool`).
    ///
    /// Numbers go straight into the tensors' memory. A body that is not JSON to its end is malformed, whatever else is
    /// wrong with it; of other mistakes the first in the body is reported.
    ///
    /// - Parameter allowsBareNonFinite: whether `NaN`, `Infinity` and `-Infinity` are taken as numbers.
    /// - Throws: ``WireError/malformed(_:offset:detail:)`` for what is no JSON, has a name twice in one object or is
    ///   nested too deep; ``WireError/rejected(_:)`` for what is no tensor, no known `dtype` or `response_form`, or a
    ///   number that its type cannot hold.
    package static func decode(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint, allowsBareNonFinite: Bool = false,
        in workspace: Workspace = Workspace()
    ) throws(WireError) -> DecodedRequest {
        try RequestReader.read(body, as: endpoint, allowsBareNonFinite: allowsBareNonFinite, in: workspace)
    }

    /// Reads a JSON object without tensors (`/v1/shape`); `dtype` is taken out.
    package static func decodeFields(
        _ body: UnsafeRawBufferPointer, in workspace: Workspace = Workspace()
    ) throws(WireError) -> (fields: [Field], elementType: ElementType?) {
        try ShapeQueryReader.read(body, in: workspace)
    }

    /// Writes a response: each tensor under its name in `form`, then `output_shape` after `output`, `index_base` last.
    ///
    /// Where nested lists cannot show the shape of a tensor, all are written flat. Rows of a long list are written side
    /// by side.
    package static func encode(
        _ result: PoolingResult, form: TensorForm, in workspace: Workspace = Workspace()
    ) throws(WireError) -> [Bytes] {
        let form = self.form(form, for: result)
        var writer = JSONWriter(expecting: 128 + textSize(of: result, form), in: workspace)
        writer.append(result, form: form)
        return try writer.finish()
    }

    /// The form that a result is written in: flat where nested lists cannot show the shape of one of its tensors.
    static func form(_ form: TensorForm, for result: PoolingResult) -> TensorForm {
        form == .nested && !result.isNestable ? .flat : form
    }

    private static func textSize(of result: PoolingResult, _ form: TensorForm) -> Int {
        result.tensors.reduce(0) { $0 + $1.tensor.textSize(form) }
            + (result.parts?.results.reduce(0) { $0 + textSize(of: $1, form) } ?? 0)
    }

    /// How many bytes a response whose tensors take so many has as text, about.
    package static func expectedByteCount(resultByteCount: Int, form: TensorForm) -> Int {
        let (most, overflow) = resultByteCount.multipliedReportingOverflow(by: form == .b64 ? 4 : 9)
        return overflow ? .max : most / 3
    }

    /// Writes a value that holds no tensor.
    package static func encode(
        _ value: FieldValue, in workspace: Workspace = Workspace()
    ) throws(WireError) -> [Bytes] {
        var writer = JSONWriter(in: workspace)
        writer.append(value)
        return try writer.finish()
    }
}

extension PoolingResult {
    fileprivate var isNestable: Bool {
        tensors.allSatisfy(\.tensor.isNestable) && parts?.results.allSatisfy(\.isNestable) != false
    }
}
