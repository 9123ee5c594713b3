/// A tensor that a request can carry, named as on the wire.
///
/// Those of an op or a region are declared in its file.
package struct TensorName: Sendable, Hashable {
    package static let input = TensorName("input", nil, rank: Self.usualRank)
    package static let gradOutput = TensorName("grad_output", nil, rank: Self.usualRank)
    package static let indices = TensorName("indices", .int64, rank: Self.usualRank)

    /// Channels first, with a batch axis and two spatial ones.
    package static let usualRank = 4

    package let rawValue: String
    /// The element type where neither the tensor nor the format says one; nil means the request's `dtype`.
    package let defaultElementType: ElementType?
    /// The number of its axes, as requests usually have it.
    package let rank: Int
    /// Whether shapes and counts depend on it, so that shape queries can have it.
    let decidesShapes: Bool
    /// Whether it can have the shape of the kernel in place of `kernel`.
    let givesKernel: Bool

    init(
        _ name: String, _ defaultElementType: ElementType?, rank: Int, decidesShapes: Bool = false,
        givesKernel: Bool = false
    ) {
        rawValue = name
        self.defaultElementType = defaultElementType
        self.rank = rank
        self.decidesShapes = decidesShapes
        self.givesKernel = givesKernel
    }

    package init?(rawValue: String) {
        guard let name = Self.named[rawValue] else { return nil }
        self = name
    }

    /// Those that are parameters of ops and regions, in catalogue order.
    package static let parameters = PoolingCatalog.parameters.reduce(into: [TensorName]()) { names, parameter in
        if let tensor = parameter.tensor, !names.contains(tensor) { names.append(tensor) }
    }

    package static let all = [input, gradOutput, indices] + parameters

    /// All of them by what the wire calls them.
    package static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })

    package static func == (one: TensorName, other: TensorName) -> Bool { one.rawValue == other.rawValue }

    /// The lengths of the names tell nearly all of them apart and are quicker to hash than the names.
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue.utf8.count) }
}
