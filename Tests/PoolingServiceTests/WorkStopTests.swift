import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire
import Synchronization
import Testing
import Workers

@testable import PoolingService

@Suite struct WorkStopTests {
    private let hour: UInt64 = 3_600_000

    private func stop(
        deadlineIn milliseconds: UInt64, _ client: Client? = nil, _ lifecycle: Lifecycle = Lifecycle(),
        now: @escaping @Sendable () -> MonotonicInstant = { .now }
    ) -> (stop: WorkStop, record: RequestRecord) {
        let head = HTTPRequestHead(method: "POST", path: "/v1/forward")
        let record = RequestRecord(head)
        record.shorten(to: record.started.advanced(byMilliseconds: milliseconds))
        let request = HTTPRequest(head: head, body: Bytes(), context: record, socket: client?.socket)
        return (WorkStop(request, record, lifecycle, now: now), record)
    }

    private func cause(_ stop: WorkStop) -> WorkStop.Cause? {
        let isCancelled = stop.cancellation().isCancelled
        #expect(isCancelled == (stop.cause != nil))
        return stop.cause
    }

    @Test func `nothing stops what is in time and wanted`() throws {
        let client = try Client()
        withExtendedLifetime(client) { #expect(cause(stop(deadlineIn: hour, client).stop) == nil) }
    }

    @Test func `each cause is found`() throws {
        #expect(cause(stop(deadlineIn: 0).stop) == .deadline)
        let client = try Client()
        client.leave()
        withExtendedLifetime(client) { #expect(cause(stop(deadlineIn: hour, client).stop) == .client) }
        let lifecycle = Lifecycle()
        lifecycle.stopWork()
        #expect(cause(stop(deadlineIn: hour, nil, lifecycle).stop) == .shutdown)
        let (shortened, record) = stop(deadlineIn: hour)
        record.shorten(to: record.started)
        record.shorten(to: record.started.advanced(byMilliseconds: hour))
        #expect(cause(shortened) == .deadline)
    }

    @Test func `a client that has closed its side is waited for a moment`() throws {
        let client = try Client()
        client.hangUp()
        let clock = Mutex(MonotonicInstant.now)
        let (stop, _) = stop(deadlineIn: hour, client) { clock.withLock { $0 } }
        func wait(milliseconds: UInt64) { clock.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) } }
        #expect(cause(stop) == nil)
        wait(milliseconds: 500)
        #expect(cause(stop) == nil)
        stop.begin()
        wait(milliseconds: 99)
        #expect(cause(stop) == nil)
        wait(milliseconds: 6)
        #expect(cause(stop) == .client)
        withExtendedLifetime(client) {}
    }

    private static let large = {
        let row = "[" + Array(repeating: "1", count: 200).joined(separator: ",") + "]"
        let rows = Array(repeating: row, count: 200).joined(separator: ",")
        return #"{"op":"sum","region":"global","input":["# + rows + "]}"
    }()

    @Test func `work that must stop gets a response, is counted, and gives its memory back`() throws {
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
