/// How many operations a plan costs, before any of them is done.
struct CostModel {
    /// Windows that are gathered, whatever their size, and positions that they are laid out for.
    private static let perWindow = 48
    private static let perVisit = 90
    /// Pooled axes, and axes that indices count, beyond the usual ones, which the others' weights contain.
    private static let perFurtherAxis = 40
    private static let usualAxes = 3
    private static let perFurtherDigit = 8
    private static let usualDigits = 4
    /// Cells of windows of which some take no part, which are listed one by one.
    private static let perListedTap = 6
    /// Geometries that are made while computing, kernels included.
    private static let perPart = 4000
    /// Cells of which a parameter's derivative takes exponentials one by one.
    private static let perParameterTap = 48
    /// Cells that a row kernel reads, per operation.
    private static let rowCells = 2

    /// Bins of interpolated samples, which are laid out whatever they read.
    private static let perBin = (forward: 80, backward: 100)

    let windows: LayerWindows
    let weight: OpWeight
    /// Whether one cell of each window is read, which its position is enough to find.
    let readsEdges: Bool

    init(windows: LayerWindows, op: any PoolingOp) {
        (self.windows, weight) = (windows, op.weight)
        readsEdges = type(of: op).readsEdges && !windows.isSelective
    }

    /// - Parameter usesRows: whether a row kernel does the work.
    func forward(usesRows: Bool, outputs: Int) -> Int {
        let taps = windows.taps
        // Results are written, and those of no window filled.
        let written = outputs / 2
        switch windows {
        case .sampled:
            return taps.multipliedSaturating(by: 2).addingSaturating(bins(Self.perBin.forward))
                .addingSaturating(written)
        case .whole where usesRows: return (taps / Self.rowCells).addingSaturating(outputs)
        case .whole: return gathered(weight.forward).addingSaturating(written)
        case .parts(let parts):
            return gathered(weight.forward).addingSaturating(parts.count.multipliedSaturating(by: Self.perPart))
                .addingSaturating(written)
        }
    }

    /// - Parameter readsWindows: false for a gradient that only follows indices.
    func backward(readsWindows: Bool, inputs: Int) -> Int {
        let cleared = inputs / 2
        let furtherDigits = max(windows.digitCount - Self.usualDigits, 0)
        let scattered = windows.windows.multipliedSaturating(by: 8 + Self.perFurtherDigit * furtherDigits)
        switch windows {
        case .sampled:
            return windows.taps.multipliedSaturating(by: 4).addingSaturating(bins(Self.perBin.backward))
                .addingSaturating(cleared)
        case .whole where !readsWindows: return scattered.addingSaturating(cleared)
        case .whole: return gathered(weight.backward).addingSaturating(cleared)
        case .parts(let parts):
            let made = parts.count.multipliedSaturating(by: 2 * Self.perPart)
            return gathered(weight.backward).addingSaturating(made).addingSaturating(cleared)
        }
    }

    /// The gradient of an op's parameter.
    var parameterGradient: Int { windows.taps.multipliedSaturating(by: Self.perParameterTap) }

    private func bins(_ weight: Int) -> Int { windows.visits.multipliedSaturating(by: weight) }

    /// Windows gathered tap by tap.
    private func gathered(_ weight: Int) -> Int {
        let perVisit = Self.perVisit + Self.perFurtherAxis * max(windows.axisCount - Self.usualAxes, 0)
        let taps = readsEdges ? windows.windows : windows.taps
        return taps.multipliedSaturating(by: weight + (windows.isSelective ? Self.perListedTap : 0))
            .addingSaturating(windows.windows.multipliedSaturating(by: Self.perWindow))
            .addingSaturating(windows.visits.multipliedSaturating(by: perVisit))
    }
}
