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
    ///
    /// Numbers go straight into the tensors' memory. A body that is not JSON to its end is malformed, whatever else is
    /// wrong with it; of other mistakes the first in the body is reported.
    ///
    /// - Parameter allowsBareNonFinite: whether `NaN`, `Infinity` and `-Infinity` are taken as numbers.
    /// - Parameter runner: reads parts of a long list side by side.
    /// - Throws: ``WireError/malformed(_:offset:detail:)`` for what is no JSON, has a name twice in one object or is
    ///   nested too deep; ``WireError/refused(_:)`` for what is no tensor, no known `dtype` or `response_form`, or a
    ///   number that its type cannot hold.
    package static func decode(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint, allowsBareNonFinite: Bool = false,
        on runner: PoolingPlan.SliceRunner? = nil
    ) throws(WireError) -> Decoded {
        try RequestReader.read(body, as: endpoint, allowsBareNonFinite: allowsBareNonFinite, on: runner)
    }

    /// Reads a JSON object without tensors (`/v1/shape`); `dtype` is taken out.
    package static func decodeFields(
        _ body: UnsafeRawBufferPointer
    ) throws(WireError) -> (fields: [Field], elementType: ElementType?) {
        try RequestReader.readFields(body)
    }

    /// Writes an answer: each tensor under its name in `form`, then `output_shape` after `output`, `index_base` last.
    ///
    /// Where nested lists cannot show the shape of a tensor, all are written flat.
    package static func encode(_ result: PoolingResult, form: TensorForm) -> [UInt8] {
        written(result, form: form, on: nil).finish()
    }

    /// The same in rows of text that follow each other.
    ///
    /// - Parameter runner: writes the rows of a long list side by side.
    package static func encode(
        _ result: PoolingResult, form: TensorForm, on runner: PoolingPlan.SliceRunner?
    ) -> [[UInt8]] {
        written(result, form: form, on: runner).finishInRows()
    }

    private static func written(
        _ result: PoolingResult, form: TensorForm, on runner: PoolingPlan.SliceRunner?
    ) -> JSONWriter {
        let isNestable = result.tensors.allSatisfy { $0.tensor.isNestable }
        let form = form == .nested && !isNestable ? .flat : form
        var writer = JSONWriter(
            expecting: result.tensors.reduce(128) { $0 + $1.tensor.usualTextSize }, runner: runner)
        writer.append(UInt8(ascii: "{"))
        for (index, named) in result.tensors.enumerated() {
            if index > 0 { writer.append(UInt8(ascii: ",")) }
            writer.append(name: named.name.rawValue)
            writer.append(named.tensor, form: form)
            if named.name == .output {
                writer.append(literal: ",\"output_shape\":")
                writer.append(named.tensor.shape)
            }
        }
        if let indexBase = result.indexBase {
            writer.append(literal: ",\"index_base\":")
            writer.append(indexBase)
        }
        writer.append(UInt8(ascii: "}"))
        return writer
    }

    /// Writes an object of plain fields.
    package static func encode(_ fields: [Field]) -> [UInt8] {
        var writer = JSONWriter()
        writer.append(fields)
        return writer.finish()
    }
}
