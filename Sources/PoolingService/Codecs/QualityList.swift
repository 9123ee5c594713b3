/// The elements of `Accept` or `Accept-Encoding` with the quality that each is given.
struct QualityList: Sendable {
    struct Element: Sendable {
        /// The text before the parameters, in lower case.
        let value: String
        /// 0 to 1; a quality that cannot be read is 0.
        let quality: Double
    }

    /// No client has more to say; and each takes a microsecond.
    private static let mostElements = 64

    let elements: [Element]

    init(_ header: String) {
        elements = header.split(separator: ",", maxSplits: Self.mostElements).prefix(Self.mostElements).compactMap {
            element in
            let value = MediaType(element).text
            return value.isEmpty ? nil : Element(value: value, quality: Self.quality(element))
        }
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
