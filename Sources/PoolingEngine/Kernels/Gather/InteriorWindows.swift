/// Windows cut into those of the interior, which all have the same taps, and those that the edges clip.
///
/// Interior windows differ by offsets, as planes do, so they are more levels of the loop over planes: the last axis gives
/// the lanes of tiles, unless planes are side by side, which then are the lanes of windows that are laid out once.
struct InteriorWindows: Sendable {
    let interior: WindowGeometry
    /// Empty where no window is clipped.
    let clipped: [WindowGeometry]
    /// Interior windows in each plane.
    let count: Int

    /// Fewer windows in a row than this are not worth the tiles.
    private static let fewestColumns = 8

    /// Nil where windows are of several sizes or see other parts of a mask, or few follow each other along the last axis.
    init?(_ geometry: WindowGeometry) {
        guard geometry.binStrides.isEmpty, geometry.mask == nil else { return nil }
        var whole: [Range<Int>] = []
        for axis in geometry.axes {
            guard let outputs = axis.wholeOutputs else { return nil }
            whole.append(outputs)
        }
        guard let columns = whole.last, columns.count >= Self.fewestColumns else { return nil }
        count = whole.reduce(1) { $0 * $1.count }
        var interior = geometry.part(whole.map { $0.lowerBound..<$0.lowerBound + 1 })
        for (axis, outputs) in whole.enumerated() {
            let index = interior.levels.count - (geometry.lane.input == 1 ? 1 : 0)
            interior = interior.repeated(outputs.count, every: 1, along: axis, at: index)
        }
        self.interior = interior

        // Along each axis those that are clipped there: the interior of the axes behind it, and all of those before it.
        var clipped: [WindowGeometry] = []
        for axis in geometry.axes.indices {
            for outputs in [0..<whole[axis].lowerBound, whole[axis].upperBound..<geometry.axes[axis].output]
            where !outputs.isEmpty {
                let before = geometry.axes[..<axis].map { 0..<$0.output }
                clipped.append(geometry.part(before + [outputs] + whole[(axis + 1)...]))
            }
        }
        self.clipped = clipped
    }
}
