/// Weights by channel and cell of the kernel.
struct WeightTable: Sendable {
    let shape: [Int]
    let perChannel: Int?
    let normalizes: Bool
    private let weights: Tensor

    init(weights: Tensor, perChannel: Int?, normalizes: Bool) {
        (self.weights, self.perChannel, self.normalizes) = (weights, perChannel, normalizes)
        shape = weights.shape
    }

    @inline(__always)
    subscript(index: Int) -> Double { weights.withElements(as: Double.self) { $0[index] } }

    @inline(__always)
    func index<Element>(_ tile: WindowTile<Element>, tap: Int, lane: Int) -> Int {
        tile.channel(ofLane: lane) &* (perChannel ?? 0) &+ tile.kernelOffset(tap)
    }

    func withTable<Result>(_ body: (UnsafePointer<Double>) -> Result?) -> Result? {
        weights.withElements(as: Double.self) { $0.baseAddress.flatMap(body) }
    }
}
