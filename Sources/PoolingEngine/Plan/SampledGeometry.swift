/// A place between elements along one axis: two neighbours and their weights.
struct BilinearTap: Sendable {
    var low: Int
    var high: Int
    var lowWeight: Double
    var highWeight: Double

    /// The sample at `position`; nil outside [−1, extent], where samples are 0.
    init?(at position: Double, extent: Int) {
        guard position >= -1, position <= Double(extent) else { return nil }
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

/// The samples of each bin of one box along one axis: a grid of the same size in every bin.
struct SampleAxis: Sendable {
    let extent: Int
    let bins: Int
    let start: Double
    let binSize: Double
    /// Samples in each bin.
    let grid: Int

    /// The samples of `bin`, nil where one lies outside.
    func taps(ofBin bin: Int) -> [BilinearTap?] {
        (0..<grid).map { sample in
            let position = start + Double(bin) * binSize + (Double(sample) + 0.5) * binSize / Double(grid)
            return BilinearTap(at: position, extent: extent)
        }
    }
}

/// Boxes whose bins read interpolated samples (roi_align).
struct SampledGeometry: Sendable {
    struct Box: Sendable {
        let rows: SampleAxis
        let columns: SampleAxis
        let inputBase: Int
        let outputBase: Int
    }

    let frame: RegionsOfInterest.Frame
    let boxes: [Box]
    let inputShape: [Int]
    let outputShape: [Int]

    /// Elements read for all outputs; saturates.
    var work: Int {
        boxes.reduce(0) { total, box in
            let samples = [box.rows.grid, box.columns.grid, box.rows.bins, box.columns.bins, 4, frame.channels]
            return total.addingSaturating(samples.checkedProduct ?? .max)
        }
    }
}
