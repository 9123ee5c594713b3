import PoolingEngine
package import PoolingWire
import RecycledMemory

/// How the response to a request on tensors is written.
///
/// A class, because work is copied from step to step.
package final class ResponseFormat: Sendable {
    /// The codecs that may write it, best first.
    let encoders: [any TensorCodec]
    package let form: TensorForm
    /// Of an inference request.
    package let responseOptions: OpenInferenceResponseOptions
    let notices: [PoolingNotice]
    /// nil for an entry of a batch, which is written by the batch.
    let record: RequestRecord?

    init(
        _ decoded: DecodedRequest, _ plan: PoolingPlan, _ encoders: [any TensorCodec] = [],
        _ record: RequestRecord? = nil
    ) {
        self.encoders = encoders
        (form, responseOptions) = (decoded.form, decoded.responseOptions)
        notices = plan.notices
        self.record = record
    }

    var isCompressed: Bool { record?.headers.acceptEncoding != nil }

    /// Writes `result` with the first of the codecs that can.
    func encode(
        _ result: PoolingResult, in workspace: Workspace
    ) throws(Failure) -> ([Bytes], headers: [(name: String, value: String)]) {
        var rejections: [EncodingRejection] = []
        for encoder in encoders {
            do throws(EncodingFailure) {
                return try encoder.encode(result, as: self, in: workspace)
            } catch {
                switch error {
                case .rejected(let rejection): rejections.append(rejection)
                case .wire(let error): throw Failure(error)
                }
            }
        }
        throw .notAcceptable(detail: rejections.first?.detail ?? "")
    }
}
