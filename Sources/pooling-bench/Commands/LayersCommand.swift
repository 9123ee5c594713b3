import ArgumentParser
import PoolingEngine
import RecycledMemory

extension ElementType: ExpressibleByArgument {}

/// Measures the layers of a table.
struct LayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers", abstract: "Measure the pooling layers that a CSV file lists.")

    enum Directions: String, ExpressibleByArgument, CaseIterable {
        case forward
        case forwardIndices = "forward_indices"
        case backward, all

        var members: [Direction] { Direction(rawValue: rawValue).map { [$0] } ?? Direction.allCases }
    }

    @Option(help: "The table: name,op,dims,batch,channels,input,kernel,stride,padding,output.") var csv: String
    @Option(help: "Threads that compute.") var threads = 1
    @Option(help: "What is computed.") var direction = Directions.forward
    @Option(help: "Position of the channel axis.") var layout = Layouts.channelsFirst
    @Option(help: "Only the layer of this name or, where none has it, those whose names contain it.") var filter:
        String?
    @Option(help: "The type of the elements.") var dtype = ElementType.float32
    @Option(help: "Divide every batch by this, rounding down to at least 1.") var batchDivisor = 1
    @Option(help: "Runs of each layer, at least.") var runs = 5
    @Option(help: "Seconds for each layer, at least.") var seconds = 0.3
    @Option(help: "How the figures are printed.") var format = ReportFormat.table
    @Flag(help: "Measure the only case once for each line on standard input, and print the seconds of its runs.")
    var paced = false

    func run() throws {
        // Peers are given memory for their results; ours may keep it from run to run, however large.
        MemoryRecycler.shared.limit(to: .max)
        let normals = RandomNormals()
        let workers = EngineWorkers(threads: threads)
        if paced { return try runPaced(normals, workers) }
        let stopwatch = Stopwatch(minimumRuns: runs, minimumSeconds: seconds)
        try format.print(
            try selection().map { layer, direction, layout in
                let measured = try LayerCase(layer, direction, layout, dtype, normals)
                return LayerFigures(measured, threads, try stopwatch.time { try measured.run(on: workers) })
            })
    }

    /// Lets another program decide when to measure, so that it can measure something else in between.
    private func runPaced(_ normals: RandomNormals, _ workers: EngineWorkers) throws {
        let cases = try selection()
        guard let (layer, direction, layout) = cases.first, cases.count == 1 else {
            throw ValidationError("--paced wants exactly one case, not \(cases.count)")
        }
        let measured = try LayerCase(layer, direction, layout, dtype, normals)
        let stopwatch = Stopwatch(minimumRuns: runs, minimumSeconds: seconds)
        announce("\(measured.byteCount) \(measured.kernel)")
        while readLine() != nil {
            let timings = try stopwatch.time { try measured.run(on: workers) }
            announce(timings.seconds.map { "\($0)" }.joined(separator: " "))
        }
    }

    private func selection() throws -> [(LayerDescription, Direction, Layout)] {
        try filtered(LayerFile.read(csv)).map { $0.dividingBatch(by: batchDivisor) }.flatMap { layer in
            direction.members.filter { $0 != .forwardIndices || layer.hasIndices }.flatMap { direction in
                layout.members.map { (layer, direction, $0) }
            }
        }
    }

    private func filtered(_ layers: [LayerDescription]) -> [LayerDescription] {
        guard let filter else { return layers }
        let named = layers.filter { $0.name == filter }
        return named.isEmpty ? layers.filter { $0.name.contains(filter) } : named
    }
}
