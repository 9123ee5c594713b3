/// What a client is willing to read, in its order of preference.
struct AcceptHeader: Sendable {
    private struct Range {
        let type: String
        let quality: Double
        /// `a/b` is more specific than `a/*`, and that than `*/*`.
        let specificity: Int
    }

    private let ranges: [Range]

    init(_ value: String) {
        ranges = value.split(separator: ",").compactMap(Self.range)
    }

    /// The quality that the client gives a media type, by the most specific range that names it; 0 where none does.
    func quality(of mediaType: String) -> Double {
        let family = mediaType.prefix { $0 != "/" } + "/*"
        let matching = ranges.filter { $0.type == mediaType || $0.type == family || $0.type == "*/*" }
        return matching.max { $0.specificity < $1.specificity }?.quality ?? 0
    }

    private static func range(_ element: Substring) -> Range? {
        let type = MediaType(element).text
        guard !type.isEmpty else { return nil }
        let specificity = type == "*/*" || type == "*" ? 0 : type.hasSuffix("/*") ? 1 : 2
        return Range(type: type == "*" ? "*/*" : type, quality: quality(element), specificity: specificity)
    }

    private static func quality(_ element: Substring) -> Double {
        for parameter in element.split(separator: ";").dropFirst() {
            let text = parameter.trimmingSpaces()
            guard text.hasPrefix("q=") || text.hasPrefix("Q=") else { continue }
            guard let value = Double(text.dropFirst(2)), (0...1).contains(value) else { return 0 }
            return value
        }
        return 1
    }
}
