/// Some channels of some boxes: units that are the channels of one box after the other, or of one sample of the batch.
struct BoxChannels {
    let boxes: Range<Int>
    let units: Range<Int>
    let channels: Int
    let areOfSamples: Bool

    func channels(of box: SampledGeometry.Box, _ number: Int) -> Range<Int> {
        let first = (areOfSamples ? box.sample : number) &* channels
        let start = min(max(units.lowerBound &- first, 0), channels)
        return start..<max(min(units.upperBound &- first, channels), start)
    }
}
