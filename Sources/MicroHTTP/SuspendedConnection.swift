internal import CMicroHTTPD
import Glibc

/// A connection that libmicrohttpd sets aside until ``resume()``.
struct SuspendedConnection: @unchecked Sendable {
    // @unchecked Sendable because a suspended connection is not freed until it is resumed, and it may be resumed from
    // any thread.
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    func suspend() { MHD_suspend_connection(handle) }

    func resume() { MHD_resume_connection(handle) }
}
