/// The bytes of a request's body, in one piece.
///
/// Lives as long as anyone holds it, so that tensors may be views of it. The first byte of a received body is 64-byte
/// aligned.
package final class HTTPBody: @unchecked Sendable {
    // @unchecked Sendable because the bytes are written by the connection's thread only, before the body is handed over.
    package let bytes: UnsafeRawBufferPointer
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void

    package init(bytes: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
        self.bytes = bytes
        self.release = release
    }

    deinit { release(bytes) }

    static let empty = HTTPBody(bytes: UnsafeRawBufferPointer(start: nil, count: 0), release: { _ in })
}
