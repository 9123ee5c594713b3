import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory
import Testing
import Workers

@testable import PoolingService

@Suite struct WorkStopTests {
    private struct Client: ResponseSink {
        var isAbandoned = false
        var hasHungUp = false
        func finish(_ response: HTTPResponse) {}
    }

    private let later = Deadline(MonotonicInstant.now.advanced(byMilliseconds: 3_600_000))

    private func cause(_ stop: WorkStop) -> WorkStop.Cause? {
        let isCancelled = stop.cancellation().isCancelled
        #expect(isCancelled == (stop.cause != nil))
        return stop.cause
    }

    @Test func `nothing stops what is in time and wanted`() {
        #expect(cause(WorkStop(later, sink: Client(), lifecycle: Lifecycle())) == nil)
    }

    @Test func `each cause is found`() {
        let passed = Deadline(.now)
        #expect(cause(WorkStop(passed, sink: Client(), lifecycle: Lifecycle())) == .deadline)
        #expect(cause(WorkStop(later, sink: Client(isAbandoned: true), lifecycle: Lifecycle())) == .client)
        let lifecycle = Lifecycle()
        lifecycle.stopWork()
        #expect(cause(WorkStop(later, sink: Client(), lifecycle: lifecycle)) == .shutdown)
        let shortened = WorkStop(later, sink: Client(), lifecycle: Lifecycle())
        shortened.shorten(to: passed)
        shortened.shorten(to: later)
        #expect(cause(shortened) == .deadline)
    }

    @Test func `a client that has closed its side is waited for a moment`() async throws {
        let stop = WorkStop(later, sink: Client(hasHungUp: true), lifecycle: Lifecycle())
        #expect(cause(stop) == nil)
        stop.begin()
        #expect(cause(stop) == nil)
        try await Task.sleep(for: .milliseconds(120))
        #expect(cause(stop) == .client)
    }

    private static let large = {
        let row = "[" + Array(repeating: "1", count: 200).joined(separator: ",") + "]"
        let rows = Array(repeating: row, count: 200).joined(separator: ",")
        return #"{"op":"sum","region":"global","input":["# + rows + "]}"
    }()

    @Test func `work that must stop is answered, counted, and gives its memory back`() throws {
        let lifecycle = Lifecycle()
        let direct = try DirectService(lifecycle: lifecycle)
        lifecycle.stopWork()
        let response = direct.post("/v1/forward", Self.large)
        #expect(response.status == 503)
        #expect(response.text.contains(#""code":"draining""#))
        #expect(direct.service.metrics.total().stops == [.shutdown: 1])
        #expect(direct.service.admission.memory.reservedByteCount == 0)
    }

    /// Every long step of reading and writing looks up.
    @Test func `reading and writing stop when they are told to`() throws {
        let stopped = Cancellation()
        stopped.cancel()
        let workspace = Workspace(cancellation: stopped)
        let tensor = Tensor(elementType: .uint8, shape: [512, 512, 1], zeroed: true)
        let result = PoolingResult(tensors: [.init(.output, tensor)])
        let body = Array(Self.large.utf8)
        let packed = try ContentEncoding.allCases.map { try ($0, $0.compress([Bytes(copying: body)]).joined()) }
        let picture = try PNGCodec.encode(result).joined()
        func expectStop(_ place: String, _ work: () throws -> Void) {
            #expect(throws: (any Error).self, "\(place)") { try work() }
        }
        for form in TensorForm.allCases {
            expectStop("writing \(form)") { _ = try JSONCodec.encode(result, form: form, in: workspace) }
        }
        expectStop("writing a picture") { _ = try PNGCodec.encode(result, in: workspace) }
        body.withUnsafeBytes { bytes in
            expectStop("reading") { _ = try JSONCodec.decode(bytes, as: .forward, in: workspace) }
        }
        for (coding, bytes) in packed {
            expectStop("packing \(coding)") { _ = try coding.compress([Bytes(copying: body)], in: workspace) }
            let bytes = Bytes(copying: bytes)
            expectStop("unpacking \(coding)") { _ = try coding.decompress(bytes, limit: 1 << 20, in: workspace) }
        }
        expectStop("reading a picture") {
            let bytes = Bytes(copying: picture)
            _ = try PNGCodec.decode(bytes, limit: 1 << 20, parameters: .none, as: .forward, in: workspace)
        }
    }
}
