internal import CMicroHTTPD
internal import CMicroHTTPDSupport

// libmicrohttpd's callbacks translate and hand over.
//
// A connection is retained once when it opens, into libmicrohttpd's slot for it, and released once when it closes. All
// callbacks of one connection come from its loop's thread.

private func loop(_ context: UnsafeMutableRawPointer?) -> ConnectionLoop? {
    context.map { Unmanaged<ConnectionLoop>.fromOpaque($0).takeUnretainedValue() }
}

private func connection(_ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Connection? {
    (slot?.pointee).map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
}

/// Feeds `MHD_OPTION_NOTIFY_CONNECTION`.
let onConnection: MHD_NotifyConnectionCallback = { context, handle, slot, event in
    guard let loop = loop(context), let handle, let slot else { return }
    if event == .CONNECTION_NOTIFY_STARTED {
        let opened = Connection(handle, loop: loop)
        slot.pointee = Unmanaged.passRetained(opened).toOpaque()
        loop.opened(opened)
    } else if let opaque = slot.pointee {
        slot.pointee = nil
        let closing = Unmanaged<Connection>.fromOpaque(opaque)
        closing.takeUnretainedValue().close()
        closing.release()
    }
}

/// Feeds `MHD_OPTION_URI_LOG_CALLBACK`: the first sign of a request.
///
/// What it returns becomes the request's slot.
let onTarget:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
        _, target, handle in
        guard let opaque = cmhd_connection_context(handle) else { return nil }
        Unmanaged<Connection>.fromOpaque(opaque).takeUnretainedValue().startHead(target: target)
        // The target lies in the connection's own buffer, which libmicrohttpd itself writes to right after this.
        if let target { cmhd_skip_parsing(handle, UnsafeMutablePointer(mutating: target)) }
        return opaque
    }

/// Feeds `MHD_AccessHandlerCallback`.
let onAccess: MHD_AccessHandlerCallback = { _, _, url, method, version, bytes, count, slot in
    guard let connection = connection(slot), let url, let method, let version, let count else { return .NO }
    guard !connection.isHeadPending else {
        return connection.takeHead(url: url, method: method, version: version) ? .YES : .NO
    }
    guard count.pointee > 0 else { return connection.finishBody() ? .YES : .NO }
    let isTaken = connection.takeBody(UnsafeRawBufferPointer(start: bytes, count: count.pointee))
    count.pointee = 0
    return isTaken ? .YES : .NO
}

/// Feeds `MHD_OPTION_NOTIFY_COMPLETED`: the last word on a request, whatever its fate.
let onCompleted: MHD_RequestCompletedCallback = { _, _, slot, reason in
    connection(slot)?.endRequest(isSent: reason == .REQUEST_TERMINATED_COMPLETED_OK)
    slot?.pointee = nil
}

/// Feeds `MHD_OPTION_EXTERNAL_LOGGER`.
let onLog: cmhd_log_sink = { context, message in
    guard let loop = loop(context), let message else { return }
    loop.server.logLibraryMessage(String(cString: message))
    loop.respondToRejectedLengths()
}
