/// The mean and the sum of squared deviations of each lane, in two passes so that nothing cancels.
struct Deviation<Element: RealElement> {
    let means: UnsafeMutablePointer<Double>
    let squares: UnsafeMutablePointer<Double>

    @inline(__always)
    init(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        means = tile.sums(scratch, row: 0)
        for lane in 0..<tile.laneCount { means[lane] /= Double(tile.tapCount) }
        squares = scratch.accumulator(1)
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount {
                let deviation = row[lane].double - means[lane]
                squares[lane] += deviation * deviation
            }
        }
    }
}

extension FieldReader {
    /// What is taken off the count in the divisor of a variance.
    mutating func takeCorrection() throws(PoolingRefusal) -> Double {
        try takeNumber("correction", default: 0, "at least 0") { $0 >= 0 }
    }
}

extension ParameterDescriptor {
    static let correction = ParameterDescriptor(
        "correction", "number", default: .number(FieldNumber(0)), "taken off the count: 1 is Bessel's")
}
