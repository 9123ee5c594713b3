/// A batch responds to each of its entries as the entry's own endpoint would.
extension GoldenResult {
    func batchMismatch(_ response: GoldenJSON, _ want: GoldenJSON, _ headers: [String: String]) -> String? {
        guard let got = response["responses"] else { return "missing" }
        let requests = request?["requests"]?.elements ?? []
        return listMismatch(got, want) { position, got, want in
            entryMismatch(got, want, requests.indices.contains(position) ? requests[position] : nil)
                ?? idMismatch(got["body"]?["request_id"], position, headers)
        }
    }

    private func entryMismatch(_ got: GoldenJSON, _ want: GoldenJSON, _ request: GoldenJSON?) -> String? {
        guard let body = got["body"], let wanted = want["body"] else { return "no body" }
        guard let status = want["status"]?.integer, got["status"]?.integer == status else {
            return "status \(got["status"]?.excerpt ?? "none"), want \(want["status"]?.excerpt ?? ""): \(body.excerpt)"
        }
        if status != 200 { return Self.problemMismatch(body, wanted) }
        let entry = GoldenResult(fields: wanted, request: request, relative: relative, absolute: absolute)
        return entry.mismatch(of: wanted, in: body)
    }

    private static func problemMismatch(_ got: GoldenJSON, _ want: GoldenJSON) -> String? {
        let members = ["type", "title", "status", "detail", "code", "request_id"]
        if let missing = members.first(where: { got[$0] == nil }) { return "the problem has no \(missing)" }
        for (name, want) in want.members {
            let isRight =
                if name == "pointer" {
                    got[name]?.string?.hasPrefix(want.string ?? "") == true
                } else {
                    got[name].map { contains($0, want) } ?? false
                }
            if !isRight { return "\(name): \(got[name]?.excerpt ?? "none"), want \(want.excerpt)" }
        }
        return nil
    }

    /// A problem carries the id of the whole and its position.
    private func idMismatch(_ id: GoldenJSON?, _ position: Int, _ headers: [String: String]) -> String? {
        guard let id = id?.string else { return nil }
        let whole = headers.first { $0.key.lowercased() == "x-request-id" }?.value ?? ""
        return id == "\(whole)/\(position)" ? nil : "request_id \(id), want \(whole)/\(position)"
    }
}
