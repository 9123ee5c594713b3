package import PoolingEngine
import Sharding

/// Reads JSON requests on tensors, and remembers the templates of the last few small ones.
///
/// A client sends the same fields with other numbers again and again; for a small tensor, reading the fields takes
/// several times as long as reading the numbers. Results and errors are the same as those of
/// ``JSONCodec/decode(_:as:allowsBareNonFinite:in:)``: a template is only used where all bytes around the numbers are the same,
/// and only where the numbers are sound.
package final class RequestTemplates: Sendable {
    /// The oldest is replaced first.
    private struct Ring {
        var templates: [RequestTemplate] = []
        var oldest = 0
    }

    private static let capacity = 16
    /// Of larger bodies nearly all is numbers; it also bounds what a template takes.
    private static let largestBody = 4096
    /// Each thread meets the same requests soon enough.
    private let rings = ThreadShards(Ring())

    package init() {}

    package func decode(
        _ body: UnsafeRawBufferPointer, as endpoint: PoolingRequest.Endpoint,
        in workspace: Workspace = Workspace()
    ) throws(WireError) -> JSONCodec.Decoded {
        guard body.count <= Self.largestBody else { return try JSONCodec.decode(body, as: endpoint, in: workspace) }
        let known = rings.withOwn { ring in ring.templates.first { $0.surrounds(body, of: endpoint) } }
        if let decoded = known?.read(body, in: workspace) { return decoded }
        let (decoded, template) = try RequestReader.readWithTemplate(body, as: endpoint, in: workspace)
        if known == nil, let template { keep(template) }
        return decoded
    }

    private func keep(_ template: RequestTemplate) {
        rings.withOwn { ring in
            if ring.templates.count < Self.capacity {
                ring.templates.append(template)
            } else {
                ring.templates[ring.oldest] = template
                ring.oldest = (ring.oldest + 1) % Self.capacity
            }
        }
    }
}
