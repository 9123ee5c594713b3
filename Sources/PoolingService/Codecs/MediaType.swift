/// A media type without its parameters, in lower case: `application/json`.
struct MediaType: Hashable, Sendable {
    let text: String

    /// Reads the value of `Content-Type`, or one element of `Accept`.
    init(_ value: some StringProtocol) {
        let essence = String(value.prefix { $0 != ";" }.trimmingSpaces())
        text = essence.utf8.contains { (65...90).contains($0) } ? essence.lowercased() : essence
    }
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> String { String(Substring(self).trimmingSpaces()) }
}
