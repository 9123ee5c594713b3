internal import CMicroHTTPD
import Glibc

/// A response in libmicrohttpd's form, to be queued once.
struct PreparedResponse: ~Copyable {
    /// Up to here a copy is cheaper than keeping the original.
    private static let copiedSize = 4096

    private let handle: OpaquePointer
    private let status: UInt32

    /// - Returns: nil where memory is short.
    init?(_ response: HTTPResponse, closes: Bool, log: (HTTPServer.LogLevel, String) -> Void) {
        guard let handle = Self.handle(of: response.body) else { return nil }
        self.handle = handle
        status = UInt32(clamping: response.status)
        for (name, value) in response.headers where !Self.isSetByLibrary(name) {
            if !Self.add(name, value, to: handle) {
                log(.warning, "the response header \(name) has a value that cannot be sent and is left out")
            }
        }
        if closes { MHD_add_response_header(handle, "Connection", "close") }
    }

    deinit { MHD_destroy_response(handle) }

    func queue(on connection: OpaquePointer) -> Bool { MHD_queue_response(connection, status, handle) == .YES }

    private static func handle(of body: HTTPResponse.Body) -> OpaquePointer? {
        switch body {
        case .none:
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        case .bytes(let bytes) where bytes.count <= copiedSize:
            return bytes.withUnsafeBytes { bytes in
                MHD_create_response_from_buffer(
                    bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .bytes(let bytes):
            // The array's storage stays where it is as long as somebody holds the array and nobody changes it.
            let piece = bytes.withUnsafeBytes { HTTPResponse.UnsafePiece(bytes: $0) }
            return handle(of: [piece], owner: bytes)
        case .pieces(let pieces, let owner):
            return handle(of: pieces, owner: owner)
        }
    }

    private static func handle(of pieces: [HTTPResponse.UnsafePiece], owner: any Sendable) -> OpaquePointer? {
        let vectors = pieces.filter { !$0.bytes.isEmpty }.map {
            MHD_IoVec(iov_base: $0.bytes.baseAddress, iov_len: $0.bytes.count)
        }
        let held = Unmanaged.passRetained(Owner(owner))
        let handle = MHD_create_response_from_iovec(
            vectors, UInt32(vectors.count), { $0.map { Unmanaged<Owner>.fromOpaque($0).release() } }, held.toOpaque())
        if handle == nil { held.release() }
        return handle
    }

    /// Keeps a response's bytes alive while libmicrohttpd sends them.
    private final class Owner: Sendable {
        private let held: any Sendable
        init(_ held: any Sendable) { self.held = held }
    }

    /// libmicrohttpd frames the response itself.
    private static func isSetByLibrary(_ name: String) -> Bool {
        switch name.utf8.count {
        case 14: name.lowercased() == "content-length"
        case 17: name.lowercased() == "transfer-encoding"
        default: false
        }
    }

    private static func add(_ name: String, _ value: String, to handle: OpaquePointer) -> Bool {
        value.withCString { text in
            guard isSendable(text) else { return false }
            return name.withCString { MHD_add_response_header(handle, $0, text) == .YES }
        }
    }

    private static func isSendable(_ text: UnsafePointer<CChar>) -> Bool {
        var next = text
        while next.pointee != 0 {
            let byte = UInt8(bitPattern: next.pointee)
            guard (byte >= 0x20 && byte != 0x7f) || byte == 0x09 else { return false }
            next += 1
        }
        return true
    }
}

/// A response as bytes, for sockets that libmicrohttpd does not write to.
enum RawResponse {
    static func bytes(of response: HTTPResponse) -> [UInt8] {
        var head = "HTTP/1.1 \(response.status) \(reason(response.status))\r\n"
        for (name, value) in response.headers where value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) {
            head += "\(name): \(value)\r\n"
        }
        head += "Content-Length: \(response.body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + response.body.flattened
    }

    private static func reason(_ status: Int) -> String {
        MHD_get_reason_phrase_for(UInt32(clamping: status)).map { String(cString: $0) } ?? ""
    }
}
