/// The parts of an `http` URL.
package struct HealthcheckURL: Hashable, Sendable {
    package let host: String
    package let port: String
    package let path: String

    /// nil for anything but `http://HOST[:PORT][/PATH]`.
    package init?(_ text: String) {
        let scheme = "http://"
        guard text.hasPrefix(scheme), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        path = authority.endIndex == rest.endIndex ? "/" : String(rest[authority.endIndex...])
        let isBracketed = authority.hasPrefix("[")
        let hostEnd = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let hostEnd else { return nil }
        host = String(isBracketed ? authority[..<hostEnd].dropFirst() : authority[..<hostEnd])
        let behind = isBracketed ? authority[authority.index(after: hostEnd)...] : authority[hostEnd...]
        guard !host.isEmpty, behind.isEmpty || behind.hasPrefix(":") else { return nil }
        port = behind.isEmpty ? "80" : String(behind.dropFirst())
        guard UInt16(port) != nil else { return nil }
    }
}
