import ArgumentParser
import PoolingEngine
import PoolingTestKit

/// Measures every op over every region.
struct OpsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ops", abstract: "Measure every op over every region, beside max over the same region.")

    @Option(help: "Threads that compute.") var threads = 1
    @Flag(help: "Measure the gradient, computed from the input.") var backward = false
    @Option(help: "Only ops with this name.") var op: String?
    @Option(help: "Only regions with this name.") var region: String?
    @Option(help: "Seconds for each cell, at least.") var seconds = 0.1
    @Option(help: "How the figures are printed.") var format = ReportFormat.table

    func run() throws {
        let samples = RegionSamples(RandomNormals())
        try format.print(try samples.all.filter { region == nil || $0.name == region }.flatMap(figures))
    }

    private func figures(over sample: RegionSample) throws -> [OpFigures] {
        let reference = try nanosecondsPerElement("max", sample)
        return try PoolingCatalog.operationNames.filter { op == nil || $0 == op }.compactMap { name in
            guard PoolingCatalog.refusal(of: name, over: sample.regionName) == nil else { return nil }
            let (nanoseconds, kernel) = name == "max" ? reference : try nanosecondsPerElement(name, sample)
            return OpFigures(
                region: sample.name, op: name, nanosecondsPerElement: nanoseconds,
                ratioToMax: nanoseconds / reference.nanoseconds, kernel: kernel)
        }
    }

    private func nanosecondsPerElement(
        _ op: String, _ sample: RegionSample
    ) throws -> (nanoseconds: Double, kernel: String) {
        let crew = EngineCrew(threads: threads)
        var request = sample.request(op)
        if backward { request = request.backward(try request.answer(.output)) }
        let kernel = try PoolingPlan(request, limits: .measured).kernel
        let timings = try Stopwatch(minimumRuns: 3, minimumSeconds: seconds).time { try crew.run(request) }
        return (timings.minimum * 1e9 / Double(sample.input.count), kernel)
    }
}

/// What one op costs over one region.
struct OpFigures: ReportRow {
    let region: String
    let op: String
    let nanosecondsPerElement: Double
    let ratioToMax: Double
    let kernel: String

    static let columns = ["region", "op", "ns/element", "× max", "kernel"]

    var cells: [String] { [region, op, nanosecondsPerElement.text(3), ratioToMax.text(2), kernel] }
}
