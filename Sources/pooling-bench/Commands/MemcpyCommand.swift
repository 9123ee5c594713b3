import ArgumentParser
import Foundation

/// Measures how fast this machine copies memory, which bounds every pooling layer.
struct MemcpyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memcpy", abstract: "Measure the copy bandwidth of this machine, bytes read and written together.")

    @Option(help: "How the figures are printed.") var format = ReportFormat.table

    func run() throws {
        try format.print([16 << 10, 512 << 10, 8 << 20, 256 << 20].map(Self.measure))
    }

    private static func measure(_ byteCount: Int) -> CopyFigures {
        let source = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
        defer {
            source.deallocate()
            target.deallocate()
        }
        source.initializeMemory(as: UInt8.self, repeating: 1)
        let copies = max(1, (4 << 20) / byteCount)
        let timings = Stopwatch(minimumRuns: 5, minimumSeconds: 0.3).time {
            for _ in 0..<copies { target.copyMemory(from: UnsafeRawBufferPointer(source)) }
        }
        return CopyFigures(bytes: byteCount, gigabytesPerSecond: Double(2 * byteCount * copies) / timings.minimum / 1e9)
    }
}

/// The bandwidth of copying one size.
struct CopyFigures: ReportRow {
    let bytes: Int
    let gigabytesPerSecond: Double

    static let columns = ["bytes", "GB/s"]
    var cells: [String] { ["\(bytes)", gigabytesPerSecond.text(1)] }
}
