import Foundation
import PoolingTestKit
import Testing

/// Sends every recorded request to one running server and holds its responses to the recorded ones.
@Suite(.serialized, .runningServer) struct GoldenTests {
    private static let afterwards = "errors/alive"

    @Test(arguments: GoldenFiles.groups.filter { $0 != afterwards })
    func `each recorded request gets the recorded response`(_ group: String) throws {
        let cases = GoldenFiles.cases.filter { golden in
            golden.group == group && !goldenWaiting.contains { golden.name.hasPrefix($0) }
        }
        for (name, mismatch) in try mismatches(cases) { Issue.record("\(name): \(mismatch)") }
    }

    @Test(arguments: goldenWaiting)
    func `what waits still fails`(_ prefix: String) throws {
        let cases = GoldenFiles.cases.filter { $0.name.hasPrefix(prefix) }
        #expect(try !mismatches(cases).isEmpty, "\(prefix) passes: take it out of the list")
    }

    @Test func `after everything else the server still responds`() throws {
        let cases = GoldenFiles.cases.filter { $0.group == Self.afterwards }
        #expect(cases.count == 2)
        for (name, mismatch) in try mismatches(cases) { Issue.record("\(name): \(mismatch)") }
    }

    private func mismatches(_ cases: [GoldenCase]) throws -> [(name: String, mismatch: String)] {
        let server = try #require(RunningServer.current)
        var connection = try server.connect()
        return try cases.compactMap { golden in
            let request = golden.request
            let response = try connection.exchange(
                request.method, request.target, headers: request.headers, body: request.body)
            // An error may close the connection, and an early response leaves the rest of the request on it.
            if response.status != 200 { connection = try server.connect() }
            return golden.mismatch(status: response.status, headers: response.headers, body: response.body)
                .map { (golden.name, $0) }
        }
    }
}

/// The recorded cases, read once.
enum GoldenFiles {
    static let cases: [GoldenCase] = {
        let names = ["torch", "tensorflow", "onnx", "misc", "errors", "v11"]
        do {
            return try names.flatMap { name in
                try GoldenCase.load(Bundle.module.bundleURL.appendingPathComponent("Golden/\(name).jsonl"))
            }
        } catch {
            preconditionFailure("the golden files cannot be read: \(error)")
        }
    }()

    static let groups = Set(cases.map(\.group)).sorted()
}

/// Starts of the names of golden cases that are known to fail.
///
/// The list can only shrink: a start whose cases all pass fails the tests until it is taken out.
private let goldenWaiting: [String] = []
