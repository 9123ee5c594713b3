import ArgumentParser
import Foundation
import PoolingEngine
import PoolingTestKit
import RecycledMemory

/// Measures every op over every region.
struct OpsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ops", abstract: "Measure every op over every region, and max over the same region to compare.")

    @Option(help: "Threads that compute.") var threads = 1
    @Flag(help: "Measure the gradient, computed from the input.") var backward = false
    @Option(help: "Only ops with this name.") var op: String?
    @Option(help: "Only regions with this name.") var region: String?
    @Option(help: "Position of the channel axis.") var layout = Layouts.channelsFirst
    @Option(help: "The type of the elements.") var dtype = ElementType.float32
    @Option(help: "Seconds for each cell, at least.") var seconds = 0.1
    @Option(help: "How the figures are printed.") var format = ReportFormat.table
    @Flag(help: "Print region, op and layout of each case, and measure nothing.") var list = false
    @Option(
        help: """
            Write the tensors of the only case into this directory and describe them; then measure once for each line \
            on standard input, and print the seconds of its runs.
            """)
    var paced: String?

    func run() throws {
        // A caller that computes again and again has its memory at hand.
        MemoryRecycler.shared.limit(to: .max)
        if list {
            return selection.forEach { print($0.sample.name, $0.op, $0.layout.rawValue, separator: "\t") }
        }
        let normals = RandomNormals()
        let workers = EngineWorkers(threads: threads)
        if let paced { return try runPaced(normals, workers, URL(filePath: paced)) }
        var references: [String: Double] = [:]
        try format.print(
            try selection.map { sample, op, layout in
                let measured = try figures(sample, op, layout, normals, workers)
                let key = "\(sample.name) \(layout)"
                let reference =
                    try references[key]
                    ?? (op == "max" ? measured : figures(sample, "max", layout, normals, workers))
                    .nanosecondsPerElement
                references[key] = reference
                return measured.comparedToMax(reference)
            })
    }

    private typealias Selected = (sample: RegionSample, op: String, layout: Layout)

    private var selection: [Selected] {
        RegionSamples.all.filter { region == nil || $0.name == region }.flatMap { sample in
            layout.members.filter { sample.hasLayout || $0 == .channelsFirst }.flatMap { layout in
                PoolingCatalog.operationNames.filter { name in
                    (op == nil || name == op) && PoolingCatalog.rejection(of: name, over: sample.regionName) == nil
                }.map { (sample, $0, layout) }
            }
        }
    }

    private func figures(
        _ sample: RegionSample, _ op: String, _ layout: Layout, _ normals: RandomNormals, _ workers: EngineWorkers
    ) throws -> OpFigures {
        let measured = try OpCase(op, sample, backward: backward, layout, dtype, normals)
        let timings = try Stopwatch(minimumRuns: 3, minimumSeconds: seconds).time { try workers.run(measured.request) }
        return OpFigures(measured, timings)
    }

    /// Lets another program decide when to measure, so that it can measure something else in between.
    private func runPaced(_ normals: RandomNormals, _ workers: EngineWorkers, _ directory: URL) throws {
        let cases = selection
        guard let (sample, op, layout) = cases.first, cases.count == 1 else {
            throw ValidationError("--paced wants exactly one case, not \(cases.count)")
        }
        let measured = try OpCase(op, sample, backward: backward, layout, dtype, normals)
        announce(try OpTensors(writing: measured, into: directory).json)
        let stopwatch = Stopwatch(minimumRuns: 1, minimumSeconds: seconds)
        while readLine() != nil {
            let timings = try stopwatch.time { try workers.run(measured.request) }
            announce(timings.seconds.map { "\($0)" }.joined(separator: " "))
        }
    }
}

/// What one op costs over one region.
struct OpFigures: ReportRow {
    let region: String
    let op: String
    let layout: Layout
    let nanosecondsPerElement: Double
    private(set) var ratioToMax = 1.0
    let kernel: String

    init(_ measured: OpCase, _ timings: Timings) {
        region = measured.sample.name
        op = measured.op
        layout = measured.layout
        nanosecondsPerElement = timings.minimum * 1e9 / Double(measured.elementCount)
        kernel = measured.kernel
    }

    func comparedToMax(_ reference: Double) -> OpFigures {
        var compared = self
        compared.ratioToMax = nanosecondsPerElement / reference
        return compared
    }

    static let columns = ["region", "op", "layout", "ns/element", "× max", "kernel"]

    var cells: [String] {
        [region, op, layout.rawValue, nanosecondsPerElement.text(3), ratioToMax.text(2), kernel]
    }
}
