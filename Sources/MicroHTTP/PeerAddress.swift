internal import CMicroHTTPD
import Glibc

/// Addresses of peers, for people and for counting.
enum PeerAddress {
    /// The address without the port; empty for a UNIX socket.
    ///
    /// An IPv4 address that came over IPv6 is shown as IPv4.
    static func text(of address: UnsafePointer<sockaddr>) -> String {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            return text(AF_INET, raw + (MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 4))
        case AF_INET6:
            let bytes = raw + (MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8)
            return isMapped(bytes) ? text(AF_INET, bytes + 12) : text(AF_INET6, bytes)
        default:
            return ""
        }
    }

    /// Whether it is `::ffff:a.b.c.d`.
    private static func isMapped(_ address: UnsafeRawPointer) -> Bool {
        let bytes = UnsafeRawBufferPointer(start: address, count: 12)
        return bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
    }

    private static func text(_ family: Int32, _ address: UnsafeRawPointer) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard let start = buffer.baseAddress,
                let text = inet_ntop(family, address, start, socklen_t(INET6_ADDRSTRLEN))
            else { return "" }
            return String(cString: text)
        }
    }
}
