/// How tensors are written in JSON (`response_form`).
package enum TensorForm: String, CaseIterable, Sendable {
    case nested, flat, b64
}
