package import PoolingEngine
package import RecycledMemory

/// Why bytes could not be turned into a request.
package enum WireError: Error, Sendable {
    /// The kinds of malformed bytes; each has a `code` in responses.
    package enum Malformation: CaseIterable, Sendable {
        case json
        case npy
        case safetensors
        case png
        case request
        case duplicateKey
        case tooDeep
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
