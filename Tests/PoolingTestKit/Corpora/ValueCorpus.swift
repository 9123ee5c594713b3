package import PoolingEngine

/// Named ways to fill a tensor, each after what it provokes.
package struct ValueCorpus: Sendable, CustomStringConvertible {
    package let name: String
    /// Whether sums and exponentials of the values are worth comparing: finite, and of moderate size.
    package let isTame: Bool
    /// The value at a position, drawn with the generator where it is random.
    private let value: @Sendable (Int, inout SplitMix64) -> Double

    package var description: String { name }

    package func tensor(shape: [Int], _ type: ElementType, seed: UInt64 = 1) -> Tensor {
        var generator = SplitMix64(seed: seed)
        let count = shape.reduce(1, *)
        let values = (0..<count).map { value($0, &generator) }
        guard type.isInteger else { return Tensor(values, shape: shape, type) }
        return Tensor(whole: values.map { $0.isFinite ? Int64($0.magnitude.rounded()) % 100 : 0 }, shape: shape, type)
    }

    package static let all = [normal, positive, manyTies, negative, tenths, special, huge, tiny]
    package static let tame = all.filter(\.isTame)

    /// No two alike, both signs.
    package static let normal = ValueCorpus("both signs", tame: true) { _, random in
        Double.random(in: -2...2, using: &random)
    }
    package static let positive = ValueCorpus("above zero", tame: true) { _, random in
        Double.random(in: 0.25...2, using: &random)
    }
    /// Many ties.
    package static let manyTies = ValueCorpus("small integers, many ties", tame: true) { _, random in
        Double(random.whole(-3...3))
    }
    /// A padding that were 0 would win over all of them.
    package static let negative = ValueCorpus("all negative", tame: true) { _, random in
        Double.random(in: -9 ... -1, using: &random)
    }
    /// Not a sum of powers of two.
    package static let tenths = ValueCorpus("0.1 everywhere", tame: true) { _, _ in 0.1 }
    package static let special = ValueCorpus("NaN, infinities and both zeros", tame: false) { _, random in
        random.element(of: [.nan, .infinity, -.infinity, 0, -0.0, 1, -1, 2.5])
    }
    package static let huge = ValueCorpus("huge", tame: false) { position, random in
        Double.random(in: 1...3, using: &random) * (position.isMultiple(of: 2) ? 1e38 : -1e38)
    }
    package static let tiny = ValueCorpus("tiny", tame: false) { _, random in
        Double.random(in: -3...3, using: &random) * 1e-39
    }

    private init(_ name: String, tame: Bool, _ value: @escaping @Sendable (Int, inout SplitMix64) -> Double) {
        self.name = name
        isTame = tame
        self.value = value
    }
}
