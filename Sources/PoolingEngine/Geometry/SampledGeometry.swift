/// Boxes whose bins read interpolated samples (roi_align).
struct SampledGeometry: Sendable {
    struct Box: Sendable {
        let rows: SampleAxis
        let columns: SampleAxis
        /// The sample of the batch that it lies in.
        let sample: Int
        let inputBase: Int
        let outputBase: Int
    }

    let frame: RegionsOfInterest.Frame
    let boxCount: Int
    let bins: [Int]
    let inputShape: [Int]
    let outputShape: [Int]
    /// Whether `max` compares weighted corners.
    let comparesCorners: Bool
    let box: @Sendable (_ number: Int) -> Box
    /// Elements read for all outputs, and the outputs; saturates.
    let work: Int

    /// - Throws: only where the planning should stop: there may be millions of boxes, whose samples are counted here.
    init(
        frame: RegionsOfInterest.Frame, boxCount: Int, bins: [Int], inputShape: [Int], outputShape: [Int],
        comparesCorners: Bool, _ reader: FieldReader, box: @escaping @Sendable (_ number: Int) -> Box
    ) throws(PoolingError) {
        (self.frame, self.boxCount, self.bins) = (frame, boxCount, bins)
        (self.inputShape, self.outputShape) = (inputShape, outputShape)
        (self.comparesCorners, self.box) = (comparesCorners, box)
        let channels = frame.channels
        let outputs = bins.reduce(boxCount) { $0.multipliedSaturating(by: $1) }
        var work = outputs.multipliedSaturating(by: channels)
        for number in 0..<boxCount {
            try reader.checkpoint(at: number)
            let box = box(number)
            let samples = box.rows.insideCount.multipliedSaturating(by: box.columns.insideCount)
            work = work.addingSaturating(samples.multipliedSaturating(by: 4).multipliedSaturating(by: channels))
        }
        self.work = work
    }

    /// Channels for which a bin is laid out once, and how often it is where threads share a few channels.
    private static let channelsTogether = 8
    private static let fewestRuns = 8

    /// How often a bin is laid out, for the channels that are handled together; saturates.
    var visitCount: Int {
        let channels = frame.channels
        let runs = min(channels, max(Self.fewestRuns, (channels + Self.channelsTogether - 1) / Self.channelsTogether))
        return bins.reduce(boxCount) { $0.multipliedSaturating(by: $1) }.multipliedSaturating(by: runs)
    }
}
