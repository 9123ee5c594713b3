/// The tensors that a request can carry, named as on the wire.
package enum TensorName: String, CaseIterable, Sendable, Hashable {
    case input
    case gradOutput = "grad_output"
    case indices
    case mask
    case footprint
    case structure
    case lengths
    case rois
    case weights
    case segmentIDs = "segment_ids"
    case randomSamples = "random_samples"
    case offsets, spans, members

    /// All of them by what the wire calls them.
    package static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The element type where neither the tensor nor the format says one; nil means the request's `dtype`.
    package var defaultElementType: ElementType? {
        switch self {
        case .input, .gradOutput, .weights, .structure: nil
        case .indices, .lengths, .segmentIDs, .offsets, .spans, .members: .int64
        case .mask, .footprint: .bool
        case .rois, .randomSamples: .float64
        }
    }

    /// The lengths of the names tell nearly all of them apart and are quicker to hash than the names.
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue.utf8.count) }
}
