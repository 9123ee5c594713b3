package import Foundation

/// A recorded request, and what the response must be.
package struct GoldenCase: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var target: String
        /// Names and values; a `Content-Length` among them is sent as it is, without a body.
        package var headers: [String: String]
        package var body: [UInt8]
    }

    package enum Expectation: Sendable {
        case response(GoldenResult)
        case rejection(GoldenRejection)
    }

    package let name: String
    package let request: Request
    package let expectation: Expectation

    /// The part of the name that cases of one kind share, such as `torch/max_pool2d`.
    package var group: String {
        name.split(separator: "/").prefix(2).joined(separator: "/")
    }

    /// Reads a file of cases, one a line.
    package static func load(_ file: URL) throws -> [GoldenCase] {
        try [UInt8](Data(contentsOf: file)).split(separator: UInt8(ascii: "\n")).map { line in
            try GoldenCase(GoldenJSON(Array(line)))
        }
    }

    package init(_ json: GoldenJSON) throws {
        guard let name = json["name"]?.string else { throw GoldenCaseError(description: "a case without a name") }
        self.name = name
        request = try Request(json)
        if let fields = json["response"] {
            expectation = .response(
                GoldenResult(
                    fields: fields, request: json["request"], relative: json["rtol"]?.double ?? 0,
                    absolute: json["atol"]?.double ?? 0))
        } else {
            expectation = .rejection(GoldenRejection(json))
        }
    }

    /// What is wrong with a response to this request, or nil.
    package func mismatch(status: Int, headers: [String: String], body: [UInt8]) -> String? {
        switch expectation {
        case .response(let response): response.mismatch(status: status, headers: headers, body: body)
        case .rejection(let rejection): rejection.mismatch(status: status, headers: headers, body: body)
        }
    }
}

/// A case that breaks the rules for cases.
package struct GoldenCaseError: Error, CustomStringConvertible {
    package let description: String
}

extension GoldenCase.Request {
    init(_ json: GoldenJSON) throws {
        guard let target = json["endpoint"]?.string else { throw GoldenCaseError(description: "no endpoint") }
        self.target = target
        method = json["method"]?.string ?? "POST"
        headers = json["headers"]?.members.compactMapValues(\.string) ?? ["Content-Type": "application/json"]
        body = try Self.body(json)
        switch json["encode"]?.string {
        case nil: break
        case "gzip":
            body = StoredGzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        case let encoding?: throw GoldenCaseError(description: "unknown encoding \(encoding)")
        }
    }

    private static func body(_ json: GoldenJSON) throws -> [UInt8] {
        if let request = json["request"] { return Array(request.source) }
        if let text = json["body"]?.string { return Array(text.utf8) }
        if let parts = json["body_parts"]?.elements {
            return parts.flatMap { part in
                let text = part.elements?.first?.string ?? ""
                return Array(String(repeating: text, count: part.elements?.last?.integer ?? 0).utf8)
            }
        }
        guard let base64 = json["body_b64"]?.string, let data = Data(base64Encoded: base64) else {
            throw GoldenCaseError(description: "no body")
        }
        return Array(data)
    }
}
