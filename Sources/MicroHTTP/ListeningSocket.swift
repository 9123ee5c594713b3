internal import CMicroHTTPD
import Glibc

/// A socket that listens, and what must be tidied up after it.
struct ListeningSocket: Sendable {
    typealias Failure = HTTPServer.StartError
    private static let backlog: Int32 = 4096

    let descriptor: Int32
    private var path: String?

    init(_ configuration: HTTPServer.Configuration) throws(Failure) {
        if let inherited = configuration.listenDescriptor {
            self = try Self(inherited: inherited)
        } else if let path = configuration.unixSocketPath {
            self = try Self(path: path)
        } else {
            self = try Self(host: configuration.host, port: configuration.port)
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    private init(inherited descriptor: Int32) throws(Failure) {
        var isListening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else {
            throw Failure(
                message: "descriptor \(descriptor) does not listen: pass a socket that is bound and listening")
        }
        self.descriptor = descriptor
    }

    private init(path: String) throws(Failure) {
        guard let address = Self.address(of: path) else {
            throw Failure(message: "the UNIX socket path \(path) must have 1 to 107 bytes")
        }
        Self.removeLeftover(path, address)
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.with(address, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, Self.backlog) == 0 else {
            let reason = errno
            close(descriptor)
            throw Failure(message: "cannot listen on \(path): \(Self.advice(reason))")
        }
        self.path = path
    }

    private init(host: String, port: UInt16) throws(Failure) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let found = list else {
            throw Failure(message: "the host \(host) is not an address of this machine; use 127.0.0.1, 0.0.0.0 or ::")
        }
        defer { freeaddrinfo(found) }
        descriptor = socket(found.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        if found.pointee.ai_family == AF_INET6 { Self.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 0, on: descriptor) }
        Self.set(SOL_SOCKET, SO_REUSEADDR, to: 1, on: descriptor)
        guard bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
            listen(descriptor, Self.backlog) == 0
        else {
            let reason = errno
            close(descriptor)
            throw Failure(message: "cannot listen on \(host) port \(port): \(Self.advice(reason))")
        }
    }

    /// The port that it is bound to; 0 for a UNIX socket.
    var port: UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            let raw = UnsafeMutableRawPointer(storage)
            guard getsockname(descriptor, raw.assumingMemoryBound(to: sockaddr.self), &size) == 0 else { return 0 }
            switch Int32(storage.pointee.ss_family) {
            case AF_INET: return UInt16(bigEndian: raw.load(as: sockaddr_in.self).sin_port)
            case AF_INET6: return UInt16(bigEndian: raw.load(as: sockaddr_in6.self).sin6_port)
            default: return 0
            }
        }
    }

    func closeAndRemove() {
        close(descriptor)
        if let path { unlink(path) }
    }

    private static func advice(_ reason: Int32) -> String {
        switch reason {
        case EADDRINUSE: "it is taken; stop what listens there or choose another"
        case EACCES: "no permission; choose a port of 1024 or more, or a place that may be written to"
        case EADDRNOTAVAIL: "this machine has no such address; use 127.0.0.1, 0.0.0.0 or ::"
        case EMFILE, ENFILE: "no descriptor is free; raise the limit on open files"
        default: String(cString: strerror(reason))
        }
    }

    private static func set(_ level: Int32, _ option: Int32, to value: Int32, on descriptor: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    static func address(of path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let isFitting = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard !bytes.isEmpty, bytes.count < room.count, !bytes.contains(0) else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        return isFitting ? address : nil
    }

    private static func with(_ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Removes the socket of a server that is gone; one that still accepts connections, or another kind of file, stays.
    private static func removeLeftover(_ path: String, _ address: sockaddr_un) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        if with(address, { connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED { unlink(path) }
    }
}
