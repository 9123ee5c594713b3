import PoolingEngine
import Synchronization
import Testing

@testable import PoolingWire

@Suite struct JSONBatchTests {
    private static let entry = #"{"op":"max","kernel":1,"input":[1]}"#

    /// Entries that were read so far.
    private final class Entries: Sendable {
        private let number = Mutex(0)

        var count: Int { number.withLock { $0 } }
        func add() { number.withLock { $0 += 1 } }
    }

    /// Reads a batch, of which the entries from a given one on come after the deadline.
    private func read(_ body: String, stoppedAt entry: Int) throws -> [Bool] {
        let seen = Entries()
        let workspace = Workspace(cancellation: Cancellation { seen.count >= entry })
        var areStopped: [Bool] = []
        let bytes = Array(body.utf8)
        let count = try bytes.withUnsafeBytes { (bytes) throws(WireError) in
            try JSONBatch.read(bytes, in: workspace) { result in
                seen.add()
                if case .failure(.stopped) = result { areStopped.append(true) } else { areStopped.append(false) }
            }
        }
        #expect(count == areStopped.count)
        return areStopped
    }

    @Test func `entries behind the deadline are counted and not read`() throws {
        let unknown = #"{"op":"nonsense","input":[[1],[2,3]]}"#
        let body = #"{"requests":[\#([Self.entry, Self.entry, unknown, Self.entry].joined(separator: ","))]}"#
        #expect(try read(body, stoppedAt: 2) == [false, false, true, true])
        #expect(try read(body, stoppedAt: 4) == [false, false, false, false])
    }

    @Test func `entries behind the deadline must be JSON`() {
        #expect(throws: WireError.self) { try read(#"{"requests":[\#(Self.entry),{"op":}]}"#, stoppedAt: 0) }
    }
}
