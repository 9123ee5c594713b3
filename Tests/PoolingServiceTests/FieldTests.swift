import Foundation
import PoolingTestKit
import Testing

/// Holds the server to the right responses for requests that other software got wrong.
///
/// `reported.jsonl` has the requests of the reports, `kinds.jsonl` those of the same kind over other regions, types,
/// formats and parameters.
@Suite(.serialized, .runningServer) struct FieldTests {
    @Test(arguments: FieldFiles.groups)
    func `each case from the field gets the right response`(_ group: String) throws {
        let cases = FieldFiles.cases.filter { field in
            FieldFiles.group(field) == group && !fieldWaiting.contains { field.id.hasPrefix($0) }
        }
        for (id, mismatch) in try mismatches(cases) { Issue.record("\(id): \(mismatch)") }
    }

    @Test(arguments: fieldWaiting)
    func `what waits still fails`(_ prefix: String) throws {
        let cases = FieldFiles.cases.filter { $0.id.hasPrefix(prefix) }
        #expect(try !mismatches(cases).isEmpty, "\(prefix) passes: take it out of the list")
    }

    private func mismatches(_ cases: [FieldCase]) throws -> [(id: String, mismatch: String)] {
        let server = try #require(RunningServer.current)
        var connection = try server.connect()
        return try cases.compactMap { field in
            let request = field.request
            let start = ContinuousClock.now
            let response = try connection.exchange(
                request.method, request.target, headers: request.headers, body: request.body)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if response.status != 200 { connection = try server.connect() }
            return field.mismatch(
                status: response.status, headers: response.headers, body: response.body, seconds: seconds
            ).map { (field.id, $0) }
        }
    }
}

/// The cases, read once.
enum FieldFiles {
    static let cases: [FieldCase] = {
        do {
            return try ["reported", "kinds"].flatMap { name in
                try FieldCase.load(Bundle.module.bundleURL.appendingPathComponent("Field/\(name).jsonl"))
            }
        } catch {
            preconditionFailure("the cases from the field cannot be read: \(error)")
        }
    }()

    static let groups = Set(cases.map(group)).sorted()

    /// The part of the id that cases of one kind share, such as `kind-06` and `field-06`.
    static func group(_ field: FieldCase) -> String {
        field.id.split(separator: "-").prefix(2).joined(separator: "-")
    }
}

/// Starts of the ids of cases from the field that are known to fail.
///
/// The list can only shrink: a start whose cases all pass fails the tests until it is taken out.
private let fieldWaiting: [String] = []
