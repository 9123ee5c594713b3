/// What the response to a request that is mostly rejected must have.
package struct GoldenRejection: Sendable {
    let statuses: [Int]
    let code: String?
    let pointer: String?
    let detail: [String]
    let offset: Int?
    let header: String?

    init(_ json: GoldenJSON) {
        statuses = json["status"].map { ($0.elements ?? [$0]).compactMap(\.integer) } ?? []
        code = json["code"]?.string
        pointer = json["pointer"]?.string
        detail = json["detail"].map { ($0.elements ?? [$0]).compactMap(\.string) } ?? []
        offset = json["offset"]?.integer
        header = json["header"]?.string
    }

    /// What is wrong with a response, or nil.
    package func mismatch(status: Int, headers: [String: String], body: [UInt8]) -> String? {
        let text = String(decoding: body.prefix(300), as: UTF8.self)
        guard statuses.contains(status) else { return "status \(status), want \(statuses): \(text)" }
        if let header, !headers.keys.contains(where: { $0.lowercased() == header.lowercased() }) {
            return "no header \(header)"
        }
        guard code != nil || pointer != nil || !detail.isEmpty || offset != nil else { return nil }
        guard let problem = try? GoldenJSON(body) else { return "the response is not JSON: \(text)" }
        return mismatch(problem).map { "\($0): \(text)" }
    }

    private func mismatch(_ problem: GoldenJSON) -> String? {
        if let code, problem["code"]?.string != code { return "want code \(code)" }
        if let pointer, problem["pointer"]?.string?.hasPrefix(pointer) != true { return "want pointer \(pointer)" }
        let text = problem["detail"]?.string ?? ""
        if let word = detail.first(where: { !text.contains($0) }) { return "want \(word) in the detail" }
        if let offset, !Self.numbers(in: text).contains(where: { abs($0 - offset) <= 1 }) {
            return "want offset \(offset) in the detail"
        }
        return nil
    }

    private static func numbers(in text: String) -> [Int] {
        text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
    }
}
