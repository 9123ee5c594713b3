/// How much a kernel does whose windows share the terms of their cells: less than gathering each window by itself.
struct SharedWork: Sendable {
    /// Terms that are computed.
    var terms: Int
    /// Terms that are folded.
    var folds: Int

    static func + (first: SharedWork, second: SharedWork) -> SharedWork {
        SharedWork(
            terms: first.terms.addingSaturating(second.terms), folds: first.folds.addingSaturating(second.folds))
    }

    /// The same done `count` times; saturates.
    func times(_ count: Int) -> SharedWork {
        SharedWork(terms: terms.multipliedSaturating(by: count), folds: folds.multipliedSaturating(by: count))
    }

    /// What all of some kernels do; nil where one of them shares nothing.
    static func total(_ works: [SharedWork?]) -> SharedWork? {
        works.reduce(SharedWork(terms: 0, folds: 0)) { total, work in
            guard let total, let work else { return nil }
            return total + work
        }
    }
}

extension TermKernel {
    var sharedWork: SharedWork? {
        func cells(_ axis: RowAxis) -> Int { axis.windows.reduce(0) { $0.addingSaturating($1.count) } }
        let width = windows.columns.input
        let lines = cells(windows.depth).multipliedSaturating(by: cells(windows.rows))
        let columns = cells(windows.columns)
        let along = windows.lineCount.multipliedSaturating(by: columns)
        let across = lines.multipliedSaturating(by: width)
        let work =
            if foldsWholeWindows {
                SharedWork(terms: lines.multipliedSaturating(by: columns), folds: 0)
            } else if keptRows > 0 {
                SharedWork(
                    terms: cells(windows.depth).multipliedSaturating(by: windows.rows.input * width),
                    folds: across.addingSaturating(along))
            } else {
                SharedWork(terms: across, folds: along)
            }
        return work.times(geometry.planeCount)
    }
}
