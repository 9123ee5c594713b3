import PoolingWire

/// A path in the route table, in which a segment in braces matches any text: `/v2/models/{model}/ready`.
struct PathPattern: Sendable {
    private enum Segment: Sendable {
        case literal(Substring)
        case parameter(name: String)
    }

    private let segments: [Segment]

    init(_ path: String) {
        segments = Self.split(path).map { segment in
            segment.hasPrefix("{") ? .parameter(name: String(segment.dropFirst().dropLast())) : .literal(segment)
        }
    }

    var hasParameters: Bool {
        segments.contains { segment in
            if case .parameter = segment { true } else { false }
        }
    }

    /// What `path` has in the place of each parameter, percent-decoded, or nil where it is another path.
    ///
    /// - Parameter path: the segments as sent, with percent-encoding.
    func match(_ path: [Substring]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            switch segment {
            case .literal(let expected):
                guard text == expected else { return nil }
            case .parameter(let name):
                guard !text.isEmpty, let value = try? PercentEncoding.decode(text.utf8, plusIsSpace: false) else {
                    return nil
                }
                values[name] = value
            }
        }
        return values
    }

    static func split(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
