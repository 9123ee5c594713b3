/// What the entries of one batch did, to be counted at once.
struct WorkTally: Sendable {
    struct Row: Sendable {
        let work: MetricsShard.Work
        var count: UInt64
        var compute: Histogram
    }

    private(set) var rows: [Row] = []
    private(set) var rejections: [ProblemCode: UInt64] = [:]
    /// The row of the entry before, which mostly is that of the next.
    private var latest = 0

    mutating func count(_ work: MetricsShard.Work, _ nanoseconds: UInt64) {
        if latest >= rows.count || rows[latest].work != work {
            latest = rows.firstIndex { $0.work == work } ?? rows.count
            if latest == rows.count { rows.append(Row(work: work, count: 0, compute: Histogram())) }
        }
        rows[latest].count += 1
        rows[latest].compute.observe(nanoseconds)
    }

    mutating func count(_ code: ProblemCode) { rejections[code, default: 0] += 1 }
}
