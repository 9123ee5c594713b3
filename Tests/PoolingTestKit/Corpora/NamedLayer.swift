package import PoolingEngine

/// A layer over a shape: everything of a request but the op and the values.
///
/// The name says what it probes.
package struct NamedLayer: Sendable, CustomStringConvertible {
    package let name: String
    package let shape: [Int]
    package let fields: [Field]
    package let tensors: [TensorName: Tensor]

    package var description: String { name }

    package init(_ name: String, _ shape: [Int], _ fields: Fields, _ tensors: [TensorName: Tensor] = [:]) {
        self.name = name
        self.shape = shape
        self.fields = [Field](fields)
        self.tensors = tensors
    }

    package var region: String {
        if case .string(let name) = fields.first(where: { $0.name == "region" })?.value { name } else { "sliding" }
    }

    /// The layer's request with `op` over `input`.
    package func request(_ op: NamedOp, input: Tensor) -> PoolingRequest {
        // A seed that the region has drives the op too.
        let own = op.fields.filter { field in !fields.contains { $0.name == field.name } }
        var request = PoolingRequest(
            endpoint: .forward, elementType: input.elementType,
            fields: [Field("op", .string(op.op))] + fields + own, tensors: tensors)
        request.tensors[.input] = input
        if op.isWeighted { request.tensors[.weights] = weights(input.elementType) }
        return request
    }

    /// What the catalogue says about the region.
    package var catalogRegion: CatalogRegion { .named(region) }

    /// Whether the contract rejects `op` here.
    package func rejects(_ op: NamedOp) -> Bool {
        // Over samples between elements, ops take no parameters.
        PoolingCatalog.rejection(of: op.op, over: region) != nil
            || (catalogRegion.isSampled && !op.fields.isEmpty)
    }

    var axes: OracleAxes { OracleAxes(overShape) }

    /// The layer's request without values.
    private var overShape: OracleRequest {
        OracleRequest(
            PoolingRequest(
                endpoint: .forward, fields: fields + [Field("input_shape", .wholes(shape))], tensors: tensors))
    }

    /// Weights in the shape of the kernel, of the plane, of the steps, or of the members.
    private func weights(_ type: ElementType) -> Tensor? {
        if let members = tensors[.members] {
            return ValueCorpus.positive.tensor(shape: members.shape, type, seed: 99)
        }
        let sizes = (try? OracleGeometry.of(overShape))?.kernel ?? axes.extents
        return ValueCorpus.positive.tensor(shape: sizes, type, seed: 99)
    }
}

extension NamedLayer {
    init(_ name: String, _ shape: [Int], _ fields: [Field], _ tensors: [TensorName: Tensor] = [:]) {
        self.name = name
        self.shape = shape
        self.fields = fields
        self.tensors = tensors
    }
}
