/// What was measured of one layer.
struct LayerFigures: ReportRow {
    let name: String
    let direction: Direction
    let layout: Layout
    let threads: Int
    let minS: Double
    let medianS: Double
    let bytes: Int
    let kernel: String

    init(_ measured: LayerCase, _ threads: Int, _ timings: Timings) {
        name = measured.layer.name
        direction = measured.direction
        layout = measured.layout
        self.threads = threads
        minS = timings.minimum
        medianS = timings.median
        bytes = measured.byteCount
        kernel = measured.kernel
    }

    static let columns = ["layer", "direction", "layout", "threads", "min ms", "median ms", "GB/s", "kernel"]

    var cells: [String] {
        [
            name, direction.rawValue, layout.rawValue, "\(threads)", (minS * 1e3).text(3), (medianS * 1e3).text(3),
            (Double(bytes) / minS / 1e9).text(2), kernel,
        ]
    }
}
