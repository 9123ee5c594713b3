/// A position between elements along one axis: two neighbours and their weights.
struct BilinearTap: Sendable {
    var low: Int
    var high: Int
    var lowWeight: Double
    var highWeight: Double

    /// - Parameter position: from −1 to `extent`.
    init(at position: Double, extent: Int) {
        let clamped = max(position, 0)
        let floor = Int(clamped)
        guard floor < extent - 1 else {
            (low, high, lowWeight, highWeight) = (extent - 1, extent - 1, 1, 0)
            return
        }
        (low, high) = (floor, floor + 1)
        highWeight = clamped - Double(floor)
        lowWeight = 1 - highWeight
    }
}

/// The samples of each bin of one box along one axis: a grid of the same size in every bin, computed where it is read.
struct SampleAxis: Sendable {
    let bins: Int
    /// Samples in each bin.
    let grid: Int
    private let extent: Int
    private let start: Double
    private let binSize: Double

    /// - Parameters:
    ///   - size: of the box along this axis, at most 2^32 in magnitude.
    ///   - samplingRatio: samples in each bin; 0 for one per element.
    init(extent: Int, bins: Int, start: Double, size: Double, samplingRatio: Int) {
        (self.extent, self.bins, self.start) = (extent, bins, start)
        binSize = size / Double(bins)
        grid = samplingRatio > 0 ? samplingRatio : max(Int(binSize.rounded(.up)), 0)
    }

    private func position(_ sample: Int, ofBin bin: Int) -> Double {
        start + Double(bin) * binSize + (Double(sample) + 0.5) * binSize / Double(grid)
    }

    func tap(_ sample: Int, ofBin bin: Int) -> BilinearTap {
        BilinearTap(at: position(sample, ofBin: bin), extent: extent)
    }

    /// The samples of a bin that are within [−1, extent]; those outside are 0.
    func inside(ofBin bin: Int) -> Range<Int> {
        guard grid > 0 else { return 0..<0 }
        let ascends = binSize >= 0
        let lowest = position(ascends ? 0 : grid - 1, ofBin: bin)
        let highest = position(ascends ? grid - 1 : 0, ofBin: bin)
        // Few bins are only partly inside.
        if lowest >= -1, highest <= Double(extent) { return 0..<grid }
        guard highest >= -1, lowest <= Double(extent) else { return 0..<0 }
        // Positions ascend or descend from sample to sample, so both ends are found by halving.
        let first = firstSample { position in ascends ? position >= -1 : position <= Double(extent) }
        let end = firstSample { position in ascends ? position > Double(extent) : position < -1 }
        return first..<max(first, end)

        func firstSample(_ isReached: (Double) -> Bool) -> Int {
            var (low, high) = (0, grid)
            while low < high {
                let middle = low + (high - low) / 2
                if isReached(position(middle, ofBin: bin)) { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    /// Samples of all bins that are inside, or an upper bound; saturates.
    var insideCount: Int {
        let all = bins.multipliedSaturating(by: grid)
        let step = abs(binSize) / Double(max(grid, 1))
        guard step > 0 else { return all }
        let reached = Double(extent + 1) / step + Double(bins) + 1
        return reached < Double(all) ? Int(reached) : all
    }
}
