import MicroHTTP
import RecycledMemory

/// A page: its style is inside its markup, its script is the module `main.js` of its folder.
///
/// A content security policy lets only these two run, and what the module imports. They are known by a nonce, which is new
/// in each response.
struct Page: Sendable {
    /// Where the markup wants the two elements.
    private static let styleMark = "<!--style-->"
    private static let scriptMark = "<!--script-->"

    /// The page, cut where the nonce goes.
    private let pieces: [[UInt8]]

    /// - Parameter room: the folder of the page's modules.
    init(markup: [UInt8], style: [UInt8], room: String) {
        let (head, rest) = Self.cut(markup[...], at: Self.styleMark)
        let (body, end) = Self.cut(rest, at: Self.scriptMark)
        let main = "\(PageFile.folder)/\(room)/main.js"
        var pieces = [head + Array(#"<style nonce=""#.utf8)]
        var next = Array(#"">"#.utf8) + style + Array("</style>\n".utf8)
        // The browser asks for all modules at once, and not for one after it has read another.
        for module in PageFile.modules(of: room) {
            pieces.append(next + Array(#"<link rel="modulepreload" href="\#(module.path)" nonce=""#.utf8))
            next = Array("\">\n".utf8)
        }
        pieces.append(next + body + Array(#"<script type="module" src="\#(main)" nonce=""#.utf8))
        pieces.append(Array(#""></script>"#.utf8) + end)
        self.pieces = pieces
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
            body: [Bytes(copying: Array(pieces.joined(separator: nonce.utf8)))])
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

    /// The text before the first `mark` and after it.
    private static func cut(_ text: ArraySlice<UInt8>, at mark: String) -> ([UInt8], ArraySlice<UInt8>) {
        let mark = Array(mark.utf8)
        let index = text.indices.first { text[$0...].starts(with: mark) } ?? text.endIndex
        return (Array(text[..<index]), text[index...].dropFirst(mark.count))
    }
}
