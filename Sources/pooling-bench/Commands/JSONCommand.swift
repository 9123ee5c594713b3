import ArgumentParser
import Foundation
import PoolingEngine
import PoolingWire

/// Measures reading and writing numbers.
struct JSONCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "json", abstract: "Measure the JSON reader and writer on normally distributed float32 numbers.")

    @Option(help: "How many numbers.") var count = 1_000_000
    @Option(help: "Rounds; each measures everything once, and the best round counts.") var rounds = 7
    @Option(help: "Also write the numbers to this file as one JSON array, for other programs to read.")
    var dump: String?
    @Option(help: "How the figures are printed.") var format = ReportFormat.table

    func run() throws {
        let text = NumberCorpus(count: count)
        if let dump { try Data(text.array).write(to: URL(filePath: dump)) }
        let contenders = NumberContender.all(text)
        var best = [Double](repeating: .infinity, count: contenders.count)
        for _ in 0..<rounds {
            for (index, contender) in contenders.enumerated() {
                let timings = try Stopwatch(minimumRuns: 1, minimumSeconds: 0).time(contender.work)
                best[index] = min(best[index], timings.minimum)
            }
        }
        try format.print(
            zip(contenders, best).map { contender, seconds in
                NumberFigures(step: contender.step, by: contender.name, nanoseconds: seconds * 1e9 / Double(count))
            })
    }
}

/// What one number costs one reader or writer.
struct NumberFigures: ReportRow {
    let step: NumberContender.Step
    let by: String
    let nanoseconds: Double

    static let columns = ["step", "by", "ns/number"]
    var cells: [String] { [step.rawValue, by, nanoseconds.text(1)] }
}
