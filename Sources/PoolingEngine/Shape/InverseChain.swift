/// One axis through a stack of layers, searched for the sizes that all of them take and that give an output.
///
/// The sizes that a layer rejects lie between sizes that it takes. So a size is followed through all layers; where one
/// rejects what reaches it, the search goes on with the next size for which something else does.
struct InverseChain {
    private let layers: [AxisInverse]
    /// Layers that may still be passed.
    private var budget: Int

    /// Layers that are passed for one query at most: twice as many as a query can have on all axes, and as many again
    /// where sizes are rejected.
    static let largestSearch = 1 << 17
    /// A passage through few layers counts as one through so many: the search for the next size takes as long, up to 100 µs
    /// for windows dilated beyond the input.
    private static let shortestPassage = 64

    init(_ layers: [AxisInverse], budget: Int) { (self.layers, self.budget) = (layers, budget) }

    /// - Parameter budget: layers that may be passed; what is left of it afterwards.
    /// - Returns: nil where no size gives the output.
    static func sizes(
        of layers: [AxisInverse], giving output: Int, budget: inout Int
    ) throws(SearchIsTooLong) -> SizeRange? {
        var chain = InverseChain(layers, budget: budget)
        defer { budget = chain.budget }
        guard let smallest = try chain.smallest(giving: output) else { return nil }
        // Where the output stays the same from some size on, there are sizes without end that all layers take.
        guard let bound = chain.greatestSize(reaching: output, behind: layers.count) else {
            return SizeRange(smallest: smallest, largest: nil)
        }
        return SizeRange(smallest: smallest, largest: try chain.largest(giving: output, to: bound))
    }

    struct SearchIsTooLong: Error {}

    private mutating func smallest(giving wanted: Int) throws(SearchIsTooLong) -> Int? {
        guard var size = leastSize(reaching: wanted, behind: layers.count) else { return nil }
        while true {
            let passage = try pass(size)
            guard passage.output <= wanted else { return nil }
            guard let (layer, rejected) = passage.rejection else { return passage.output == wanted ? size : nil }
            guard let next = layers[layer].nextSize(after: rejected),
                let least = leastSize(reaching: next, behind: layer)
            else { return nil }
            size = least
        }
    }

    /// - Precondition: some size gives `wanted`, and none beyond `bound` does.
    private mutating func largest(giving wanted: Int, to bound: Int) throws(SearchIsTooLong) -> Int? {
        var size = bound
        while size > 0 {
            let passage = try pass(size)
            guard let (layer, rejected) = passage.rejection else { return passage.output == wanted ? size : nil }
            let before = greatestSize(reaching: layers[layer].previousSize(before: rejected), behind: layer)
            size = min(before ?? size - 1, size - 1)
        }
        return nil
    }

    /// What becomes of a size: the output of the last layer, and the first layer that rejects what reaches it.
    private mutating func pass(
        _ size: Int
    ) throws(SearchIsTooLong) -> (output: Int, rejection: (layer: Int, size: Int)?) {
        budget -= max(layers.count, Self.shortestPassage)
        guard budget >= 0 else { throw SearchIsTooLong() }
        var (current, rejection): (Int, (Int, Int)?) = (size, nil)
        for (position, layer) in layers.enumerated() {
            if rejection == nil, !layer.accepts(current) { rejection = (position, current) }
            current = layer.output(current)
            if current < 1 { return (current, rejection ?? (position, current)) }
        }
        return (current, rejection)
    }

    /// The smallest size that becomes at least `size` behind some of the layers, whether they take it or not.
    private func leastSize(reaching size: Int, behind count: Int) -> Int? {
        var size: Int? = size
        for layer in layers[..<count].reversed() { size = size.flatMap(layer.leastSize) }
        return size
    }

    /// The largest size that becomes at most `size` behind some of the layers: 0 where there is none, nil where there is no
    /// largest.
    private func greatestSize(reaching size: Int, behind count: Int) -> Int? {
        var size: Int? = size
        for layer in layers[..<count].reversed() where size != 0 { size = size.flatMap(layer.greatestSize) }
        return size
    }
}

/// Sizes from the smallest to the largest, nil where there is no largest.
struct SizeRange: Equatable, Sendable {
    var smallest: Int
    var largest: Int?
}
