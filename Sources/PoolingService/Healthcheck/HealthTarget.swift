package import MicroHTTP

/// Where a health check asks.
package struct HealthTarget: Hashable, Sendable, CustomStringConvertible {
    package enum Address: Hashable, Sendable {
        case tcp(host: String, port: String)
        case unix(path: String)
    }

    package let address: Address
    package let path: String
    package let isTLS: Bool
    /// What a server that asks for client certificates is shown.
    package let identity: TLSExchange.Identity?

    private static let standardPath = "/healthz"

    /// nil for anything but `http://HOST[:PORT][/PATH]`, the same with `https`, and `unix:PATH`.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        identity = nil
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard path.hasPrefix("/") else { return nil }
            (address, self.path, isTLS) = (.unix(path: path), Self.standardPath, false)
            return
        }
        isTLS = text.hasPrefix("https://")
        guard isTLS || text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isTLS ? "https://".count : "http://".count)
        let authority = rest.prefix { $0 != "/" }
        path = authority.endIndex == rest.endIndex ? "/" : String(rest[authority.endIndex...])
        guard let (host, port) = Self.hostAndPort(authority, standardPort: isTLS ? "443" : "80") else { return nil }
        address = .tcp(host: host, port: port)
    }

    /// Where a service with these settings listens; nil where they do not say.
    package init?(_ configuration: Configuration) {
        path = Self.standardPath
        isTLS = configuration.tlsCertificate != nil
        identity =
            if configuration.tlsClientCA != nil, let certificate = configuration.tlsCertificate,
                let key = configuration.tlsKey
            {
                TLSExchange.Identity(certificateFile: certificate, keyFile: key)
            } else {
                nil
            }
        if configuration.listenDescriptor != nil { return nil }
        if let socket = configuration.unixSocket {
            address = .unix(path: socket)
        } else {
            guard configuration.port != 0 else { return nil }
            address = .tcp(host: Self.reachable(configuration.host), port: String(configuration.port))
        }
    }

    /// Every address of the machine is listened on through its loopback address too.
    private static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }

    private static func hostAndPort(_ authority: Substring, standardPort: String) -> (host: String, port: String)? {
        let isBracketed = authority.hasPrefix("[")
        let hostEnd = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let hostEnd else { return nil }
        let host = String(isBracketed ? authority[..<hostEnd].dropFirst() : authority[..<hostEnd])
        let behind = isBracketed ? authority[authority.index(after: hostEnd)...] : authority[hostEnd...]
        guard !host.isEmpty, behind.isEmpty || behind.hasPrefix(":") else { return nil }
        let port = behind.isEmpty ? standardPort : String(behind.dropFirst())
        return UInt16(port) == nil ? nil : (host, port)
    }

    /// The `Host` of a request.
    var authority: String {
        switch address {
        case .tcp(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix: "localhost"
        }
    }

    package var description: String {
        switch address {
        case .tcp: "\(isTLS ? "https" : "http")://\(authority)\(path)"
        case .unix(let socket): "unix:\(socket)"
        }
    }
}
