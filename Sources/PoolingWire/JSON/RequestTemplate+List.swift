package import PoolingEngine
package import Sharding

/// The templates of the last few kinds of small JSON requests: of those that a group of threads reads, or of the entries of
/// a batch.
///
/// A client sends the same fields with other numbers again and again; for a small tensor, reading and checking the fields
/// takes several times as long as reading the numbers. Results and errors are the same as without templates: one is only
/// used where all bytes around the numbers are the same, and only where the numbers are sound.
extension [RequestTemplate] {
    /// How many are kept; the one that was used last comes first.
    private static let capacity = 16
    /// Of larger requests nearly all is numbers; it also bounds what a template takes.
    fileprivate static let largestText = 4096

    /// The first template that `find` finds something with comes first from now on.
    mutating func firstMatch<Found>(_ find: (RequestTemplate) -> Found?) -> Found? {
        for index in indices {
            guard let found = find(self[index]) else { continue }
            if index > 0 { swapAt(index, 0) }
            return found
        }
        return nil
    }

    mutating func keep(_ template: RequestTemplate) {
        guard template.textByteCount <= Self.largestText else { return }
        if count >= Self.capacity { removeLast() }
        insert(template, at: 0)
    }
}

extension ThreadShards<[RequestTemplate]> {
    /// Reads a JSON request on tensors, as ``JSONCodec/decode(_:as:allowsBareNonFinite:in:)`` does.
    package func decode(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint,
        in workspace: Workspace = Workspace()
    ) throws(WireError) -> DecodedRequest {
        guard body.count <= [RequestTemplate].largestText else {
            return try JSONCodec.decode(body, as: endpoint, in: workspace)
        }
        // Each thread meets the same requests soon enough.
        let known = withOwn { $0.firstMatch { $0.surrounds(body, of: endpoint) ? $0 : nil } }
        var reader = JSONReader(body, in: workspace)
        if let decoded = known?.take(from: &reader), reader.position == body.count { return decoded }
        let (decoded, template) = try RequestReader.readWithTemplate(body, as: endpoint, in: workspace)
        if known == nil, let template { withOwn { $0.keep(template) } }
        return decoded
    }
}
