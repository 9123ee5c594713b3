import MicroHTTP

/// A page in one piece: its style and script stand inside its markup, so that it needs nothing from elsewhere.
///
/// A content security policy lets only these two run. They are known by a nonce, which is new in each answer.
struct Page: Sendable {
    /// Where the markup wants the two elements.
    private static let styleMark = "<!--style-->"
    private static let scriptMark = "<!--script-->"

    /// The page, cut where the nonce goes.
    private let pieces: [[UInt8]]

    init(markup: [UInt8], style: [UInt8], script: [UInt8]) {
        let (head, rest) = Self.cut(markup[...], at: Self.styleMark)
        let (body, end) = Self.cut(rest, at: Self.scriptMark)
        pieces = [
            head + Array(#"<style nonce=""#.utf8),
            Array(#"">"#.utf8) + style + Array("</style>".utf8) + body + Array(#"<script type="module" nonce=""#.utf8),
            Array(#"">"#.utf8) + script + Array("</script>".utf8) + end,
        ]
    }

    var response: HTTPResponse {
        let nonce = Self.nonce()
        return HTTPResponse(
            status: 200,
            headers: [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Security-Policy", Self.policy(nonce)),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
                ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Cache-Control", "no-store"),
            ],
            body: .bytes(Array(pieces.joined(separator: nonce.utf8))))
    }

    private static func policy(_ nonce: String) -> String {
        [
            "default-src 'none'", "style-src 'nonce-\(nonce)'", "script-src 'nonce-\(nonce)'", "connect-src 'self'",
            "img-src 'self' blob: data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// 128 bits of the system's randomness.
    private static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    }

    /// What stands before the first `mark` and after it.
    private static func cut(_ text: ArraySlice<UInt8>, at mark: String) -> ([UInt8], ArraySlice<UInt8>) {
        let mark = Array(mark.utf8)
        let place = text.indices.first { text[$0...].starts(with: mark) } ?? text.endIndex
        return (Array(text[..<place]), text[place...].dropFirst(mark.count))
    }
}
