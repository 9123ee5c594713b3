/// A cell that samples read along one axis: its offset within the plane, and its weight.
struct SampledCell {
    var offset: Int
    var weight: Double
}

extension SampleAxis {
    /// The two cells of a sample.
    func cells(ofSample sample: Int, ofBin bin: Int, _ stride: Int) -> (low: SampledCell, high: SampledCell) {
        let tap = tap(sample, ofBin: bin)
        return (
            SampledCell(offset: tap.low * stride, weight: tap.lowWeight),
            SampledCell(offset: tap.high * stride, weight: tap.highWeight)
        )
    }
}

/// The cells of samples along one axis of a box: of all bins where they fit, else of the samples that were asked for last.
struct SampledCells {
    /// Samples that are listed at once, and bins.
    static var mostSamples: Int { 256 }

    static var byteCount: Int {
        mostSamples * (2 * MemoryLayout<SampledCell>.stride + MemoryLayout<Bin>.stride)
    }

    private struct Bin {
        var inside: Range<Int>
        var cells: Range<Int>
    }

    /// Whether samples that follow each other share a cell, whose weights are added up; else each sample has two.
    private let merges: Bool
    private let stride: Int
    private let cells: UnsafeMutableBufferPointer<SampledCell>
    private let bins: UnsafeMutableBufferPointer<Bin>
    private var axis: SampleAxis?
    private var count = 0
    /// Which samples are listed, where these are not all.
    private var listed: (bin: Int, samples: Range<Int>)?
    /// Whether the samples of all bins are listed.
    private(set) var isWhole = false

    /// - Parameter memory: ``byteCount`` bytes, which the list does not outlive.
    init(merging merges: Bool, _ stride: Int, in memory: UnsafeMutableRawPointer) {
        (self.merges, self.stride) = (merges, stride)
        let cellCount = 2 * Self.mostSamples
        cells = UnsafeMutableBufferPointer(
            start: memory.bindMemory(to: SampledCell.self, capacity: cellCount), count: cellCount)
        let rest = memory + cellCount * MemoryLayout<SampledCell>.stride
        bins = UnsafeMutableBufferPointer(
            start: rest.bindMemory(to: Bin.self, capacity: Self.mostSamples), count: Self.mostSamples)
    }

    /// Lists the cells of all bins of an axis, where they fit.
    mutating func move(to axis: SampleAxis) {
        (self.axis, listed, count, isWhole) = (axis, nil, 0, false)
        guard axis.bins <= Self.mostSamples else { return }
        var samples = 0
        for bin in 0..<axis.bins {
            let (inside, first) = (axis.inside(ofBin: bin), count)
            samples += inside.count
            guard samples <= Self.mostSamples else { return }
            list(inside, ofBin: bin, axis)
            bins.initializeElement(at: bin, to: Bin(inside: inside, cells: first..<count))
        }
        isWhole = true
    }

    /// The samples of a bin that are inside.
    @inline(__always)
    func inside(ofBin bin: Int) -> Range<Int> {
        isWhole ? bins[bin].inside : axis?.inside(ofBin: bin) ?? 0..<0
    }

    /// The cells of some of the samples that are inside; where cells are merged and all bins listed, of all of the bin.
    @inline(__always)
    mutating func cells(of samples: Range<Int>, ofBin bin: Int) -> UnsafeBufferPointer<SampledCell> {
        if isWhole {
            let all = UnsafeBufferPointer(rebasing: cells[bins[bin].cells])
            guard !merges else { return all }
            let first = 2 * (samples.lowerBound - bins[bin].inside.lowerBound)
            return UnsafeBufferPointer(rebasing: all[first..<first + 2 * samples.count])
        }
        if listed.map({ $0.bin != bin || $0.samples != samples }) ?? true, let axis {
            count = 0
            list(samples, ofBin: bin, axis)
            listed = (bin, samples)
        }
        return UnsafeBufferPointer(rebasing: cells[..<count])
    }

    /// Adds samples of one bin to the list.
    private mutating func list(_ samples: Range<Int>, ofBin bin: Int, _ axis: SampleAxis) {
        let first = count
        for sample in samples {
            let (low, high) = axis.cells(ofSample: sample, ofBin: bin, stride)
            append(low, behind: first)
            append(high, behind: first)
        }
    }

    /// Adds a cell to the list, or its weight to one of the last two where that is the same cell.
    ///
    /// Weights of 0 stay alone, because 0·∞ is NaN.
    private mutating func append(_ cell: SampledCell, behind first: Int) {
        if merges, cell.weight != 0 {
            for index in max(first, count - 2)..<count
            where cells[index].offset == cell.offset && cells[index].weight != 0 {
                cells[index].weight += cell.weight
                return
            }
        }
        cells.initializeElement(at: count, to: cell)
        count += 1
    }
}
