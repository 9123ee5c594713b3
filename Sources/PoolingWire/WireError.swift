package import PoolingEngine
package import RecycledMemory

/// Why bytes could not be turned into a request.
package enum WireError: Error, Sendable {
    /// The kinds of malformed bytes; a raw value is the wire's `code`.
    package enum Malformation: String, CaseIterable, Sendable {
        case json = "malformed_json"
        case npy = "malformed_npy"
        case safetensors = "malformed_safetensors"
        case png = "malformed_png"
        case request = "malformed_request"
        case duplicateKey = "duplicate_key"
        case tooDeep = "too_deep"
    }

    /// These bytes are no request (400). `offset` is the byte where the mistake shows, and `detail` names it too.
    case malformed(Malformation, offset: Int?, detail: String)
    /// The format is fine and the content is not (422): a ragged array, a number that the type cannot hold, ...
    case rejected(PoolingError)
    /// There is no memory for it (503, or 413 where there never can be).
    case memory(MemoryShortage)
    /// A ``Cancellation`` stopped the reading or writing.
    case stopped
}
