/// Counts of durations below fixed bounds, as Prometheus wants them.
struct Histogram: Sendable {
    /// OpenTelemetry's bounds, and some below 5 ms, where this service lives.
    private static let bounds: [(nanoseconds: UInt64, text: String)] = [
        (100_000, "0.0001"), (250_000, "0.00025"), (500_000, "0.0005"), (1_000_000, "0.001"), (2_500_000, "0.0025"),
        (5_000_000, "0.005"), (10_000_000, "0.01"), (25_000_000, "0.025"), (50_000_000, "0.05"),
        (75_000_000, "0.075"), (100_000_000, "0.1"), (250_000_000, "0.25"), (500_000_000, "0.5"),
        (750_000_000, "0.75"), (1_000_000_000, "1"), (2_500_000_000, "2.5"), (5_000_000_000, "5"),
        (7_500_000_000, "7.5"), (10_000_000_000, "10"),
    ]

    /// The last one has no upper bound.
    private var counts = [UInt64](repeating: 0, count: bounds.count + 1)
    private var nanoseconds: UInt64 = 0

    mutating func observe(_ duration: UInt64) {
        counts[Self.bounds.firstIndex { duration <= $0.nanoseconds } ?? Self.bounds.count] += 1
        nanoseconds &+= duration
    }

    static func + (one: Histogram, other: Histogram) -> Histogram {
        var sum = one
        sum.add(other)
        return sum
    }

    mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        nanoseconds &+= other.nanoseconds
    }

    /// Writes the buckets, the sum and the count.
    ///
    /// - Parameter labels: `name="value"` pairs with commas between, or nothing.
    func write(_ name: String, labels: String, to exposition: inout Exposition) {
        let separator = labels.isEmpty ? "" : ","
        var total: UInt64 = 0
        for (count, bound) in zip(counts, Self.bounds.map(\.text) + ["+Inf"]) {
            total += count
            exposition.sample(name + "_bucket", "\(labels)\(separator)le=\"\(bound)\"", "\(total)")
        }
        exposition.sample(name + "_sum", labels, "\(Double(nanoseconds) / 1e9)")
        exposition.sample(name + "_count", labels, "\(total)")
    }
}
