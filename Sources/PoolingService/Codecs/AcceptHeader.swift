/// What a client is willing to read, in its order of preference.
struct AcceptHeader: Sendable {
    private let ranges: [QualityList.Element]

    init(_ value: String) {
        ranges = QualityList(value).elements
    }

    /// The quality that the client gives a media type, by the most specific range that names it; 0 where none does.
    func quality(of mediaType: String) -> Double {
        let family = mediaType.prefix { $0 != "/" } + "/*"
        let names = [mediaType, String(family), "*/*", "*"]
        for name in names {
            if let range = ranges.first(where: { $0.value == name }) { return range.quality }
        }
        return 0
    }
}
