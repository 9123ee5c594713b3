internal import CMicroHTTPD
import Glibc
import RecycledMemory

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

    private static func handle(of body: [Bytes]) -> OpaquePointer? {
        let pieces = body.filter { !$0.isEmpty }
        guard let first = pieces.first else { return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT) }
        if pieces.count == 1, first.count <= copiedSize {
            return first.withUnsafeBytes { bytes in
                MHD_create_response_from_buffer(
                    bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
            }
        }
        return PieceReader.response(of: pieces)
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
