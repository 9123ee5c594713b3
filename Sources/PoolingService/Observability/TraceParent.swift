/// The W3C trace context of a request (`traceparent`).
///
/// A malformed header is as good as none: tracing never makes a request fail.
package struct TraceParent: Hashable, Sendable {
    /// 32 hexadecimal digits.
    package let traceID: String
    /// 16 hexadecimal digits: the caller's span.
    package let parentID: String
    package let isSampled: Bool

    package init?(_ header: String) {
        let fields = header.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[0].utf8.count == 2, Self.isHex(fields[0]), fields[0] != "ff" else { return nil }
        if fields[0] == "00", fields.count != 4 { return nil }
        guard Self.isID(fields[1], length: 32), Self.isID(fields[2], length: 16) else { return nil }
        guard fields[3].utf8.count == 2, Self.isHex(fields[3]), let flags = UInt8(fields[3], radix: 16) else {
            return nil
        }
        traceID = String(fields[1])
        parentID = String(fields[2])
        isSampled = flags & 1 == 1
    }

    private static func isID(_ text: Substring, length: Int) -> Bool {
        text.utf8.count == length && isHex(text) && text.utf8.contains { $0 != UInt8(ascii: "0") }
    }

    private static func isHex(_ text: Substring) -> Bool {
        text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }
}
