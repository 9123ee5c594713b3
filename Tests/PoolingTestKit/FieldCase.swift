package import Foundation

/// A small request made from a report of someone who pools tensors, with the right response.
///
/// One line of JSON: `id`, `reported` (where), `request` (`method`, `path`, `headers`, `body` as JSON or text, or
/// `body_b64`) and `expect`: `status` (or a list), tensors of the response, which are exact, `detail`, `code`, `header`,
/// and `max_ms` on an idle machine, a bound against hangs.
package struct FieldCase: Sendable {
    package let id: String
    package let request: GoldenCase.Request
    private let rejection: GoldenRejection
    private let response: GoldenResult?
    private let maximumSeconds: Double?

    /// How much slower than an idle machine's optimised build a busy machine's build for tests may be.
    private static let slowdown = 30.0

    package static func load(_ file: URL) throws -> [FieldCase] {
        try [UInt8](Data(contentsOf: file)).split(separator: UInt8(ascii: "\n")).map { line in
            try FieldCase(GoldenJSON(Array(line)))
        }
    }

    package init(_ json: GoldenJSON) throws {
        guard let id = json["id"]?.string, let request = json["request"], let expect = json["expect"] else {
            throw GoldenCaseError(description: "a case without id, request or expectation")
        }
        self.id = id
        self.request = try GoldenCase.Request(field: request)
        rejection = GoldenRejection(expect)
        let tensors = ["output", "indices", "grad_input", "grad_weights"].filter { expect[$0] != nil }
        let members = expect.members.filter { tensors.contains($0.key) }
        response =
            members.isEmpty
            ? nil
            : GoldenResult(
                fields: GoldenJSON(.object(members), source: expect.source), request: request["body"], relative: 0,
                absolute: 0)
        maximumSeconds = expect["max_ms"]?.double.map { $0 / 1000 * Self.slowdown }
    }

    /// What is wrong with a response to this request, or nil.
    package func mismatch(status: Int, headers: [String: String], body: [UInt8], seconds: Double) -> String? {
        if let maximumSeconds, seconds > maximumSeconds { return "took \(seconds) s, at most \(maximumSeconds) s" }
        return rejection.mismatch(status: status, headers: headers, body: body)
            ?? response?.mismatch(status: status, headers: headers, body: body)
    }
}

extension GoldenCase.Request {
    fileprivate init(field json: GoldenJSON) throws {
        guard let path = json["path"]?.string, let method = json["method"]?.string, let headers = json["headers"] else {
            throw GoldenCaseError(description: "a request without method, path or headers")
        }
        target = path
        self.method = method
        self.headers = headers.members.compactMapValues(\.string)
        if let base64 = json["body_b64"]?.string, let data = Data(base64Encoded: base64) {
            body = Array(data)
        } else if let value = json["body"] {
            body = value.string.map { Array($0.utf8) } ?? Array(value.source)
        } else {
            throw GoldenCaseError(description: "no body")
        }
    }
}
