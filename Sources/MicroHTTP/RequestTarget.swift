/// A checked request target, cut into path and query.
struct RequestTarget {
    let path: String
    let query: String?

    /// - Parameter target: starts with `/`, or with `http://` or `https://` and an authority, or is `*`.
    init(_ target: [UInt8]) {
        let origin = target[Self.originStart(of: target)...]
        let mark = origin.firstIndex(of: UInt8(ascii: "?"))
        path = String(decoding: origin[..<(mark ?? origin.endIndex)], as: UTF8.self)
        query = mark.map { String(decoding: origin[($0 + 1)...], as: UTF8.self) }
    }

    private static func originStart(of target: [UInt8]) -> Int {
        let slash = UInt8(ascii: "/")
        guard target.first != slash, let scheme = target.firstIndex(of: slash) else { return 0 }
        return target[min(scheme + 2, target.count)...].firstIndex(of: slash) ?? 0
    }
}
