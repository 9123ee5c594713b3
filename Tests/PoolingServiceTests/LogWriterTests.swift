import Dispatch
import Glibc
import Testing

@testable import PoolingService

@Suite struct LogWriterTests {
    @Test func `the lines of many threads all leave, those of each in their order`() throws {
        let captured = try CapturedLog()
        let log = captured.log
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<50 { log.info("thread-\(thread)-\(number)") }
        }
        let lines = captured.closeAndRead().split(separator: "\n")
        #expect(lines.count == 400)
        for thread in 0..<8 {
            let numbers = lines.compactMap { line in
                line.firstRange(of: "thread-\(thread)-").flatMap { Int(line[$0.upperBound...]) }
            }
            #expect(numbers == Array(0..<50))
        }
    }

    @Test func `a log that is not read holds nobody up, and says how many lines it has lost`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer { close(readEnd) }
        let log = Log(format: .text, level: .info, writer: LogWriter(descriptor: writeEnd))
        // Of what one writing takes, only the first few kilobytes fit into the pipe.
        let line = String(repeating: "x", count: 600_000)
        for _ in 0..<6 { log.info(line) }
        let lost = log.lostLineCount
        #expect(lost >= 2)

        let reading = DispatchGroup()
        let reader = Reader()
        DispatchQueue.global().async(group: reading) { reader.readAll(from: readEnd) }
        log.flush()
        close(writeEnd)
        reading.wait()
        let told = reader.text.split(separator: "\n").compactMap { line in
            line.firstRange(of: " log lines were dropped").flatMap { Int(line[..<$0.lowerBound]) }
        }
        #expect(told.reduce(0, +) == lost)
    }

    private final class Reader: @unchecked Sendable {
        // @unchecked Sendable because the test looks at it only after the reading has ended.
        private var bytes: [UInt8] = []

        var text: String { String(decoding: bytes, as: UTF8.self) }

        func readAll(from descriptor: Int32) {
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        }
    }
}
