import MicroHTTP

extension HTTPRequestHead {
    /// The header fields as lines: `Host: a`.
    var lines: [String] {
        func text(_ bytes: Span<UInt8>) -> String {
            bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
        var lines: [String] = []
        forEachHeader { name, value in lines.append("\(text(name)): \(text(value))") }
        return lines
    }
}
