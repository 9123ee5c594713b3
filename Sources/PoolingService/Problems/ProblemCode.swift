/// What went wrong, in one word that clients may rely on.
package enum ProblemCode: String, CaseIterable, Sendable {
    case malformedJSON = "malformed_json"
    case malformedNpy = "malformed_npy"
    case malformedSafetensors = "malformed_safetensors"
    case malformedPNG = "malformed_png"
    case malformedRequest = "malformed_request"
    case duplicateKey = "duplicate_key"
    case tooDeep = "too_deep"
    case missingField = "missing_field"
    case unknownField = "unknown_field"
    case unusedField = "unused_field"
    case wrongType = "wrong_type"
    case unknownOp = "unknown_op"
    case unknownRegion = "unknown_region"
    case unknownValue = "unknown_value"
    case outOfRange = "out_of_range"
    case wrongRank = "wrong_rank"
    case wrongLength = "wrong_length"
    case raggedArray = "ragged_array"
    case shapeMismatch = "shape_mismatch"
    case kernelTooLarge = "kernel_too_large"
    case emptyWindow = "empty_window"
    case indexOutOfRange = "index_out_of_range"
    case notRepresentable = "not_representable"
    case integerOverflow = "integer_overflow"
    case unsupportedCombination = "unsupported_combination"
    case tooLarge = "too_large"
    case unauthorized
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case unsupportedMediaType = "unsupported_media_type"
    case timeout
    case rateLimited = "rate_limited"
    case overloaded
    case draining
    case deadlineExceeded = "deadline_exceeded"
    case `internal`

    /// The same for people: `kernel_too_large` is `Kernel too large`, `malformed_png` is `Malformed PNG`.
    var title: String {
        let words = rawValue.split(separator: "_").map { ["json", "png"].contains($0) ? $0.uppercased() : String($0) }
        let title = words.joined(separator: " ")
        return title.prefix(1).uppercased() + title.dropFirst()
    }
}
