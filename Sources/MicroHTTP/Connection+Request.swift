import RecycledMemory
internal import CMicroHTTPD
internal import CMicroHTTPDSupport
import Synchronization

// A request's way: head, body, response. Each step returns whether the connection may go on.
extension Connection {
    /// - Parameters: the first line as libmicrohttpd shows it; only good during the call.
    func takeHead(
        url: UnsafePointer<CChar>, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>
    ) -> Bool {
        endHead()
        loop.activeRequests.add(1, ordering: .sequentiallyConsistent)
        guard cmhd_head_memory(handle) <= ConnectionLoop.headMemory else { return rejectLargeHead() }
        var framing = cmhd_head()
        target.withUnsafeBytes { target in
            cmhd_check_head(
                handle, target.baseAddress?.assumingMemoryBound(to: CChar.self) ?? url, target.count,
                url, method, version, !server.isSafeMode, &framing)
        }
        if let problem = problem(of: framing) { return rejectHead(status: problem.status, detail: problem.detail) }
        let head = HTTPRequestHead(
            target: target, method: method, framing: framing, peer: peer, connection: handle)
        return decide(head, expectsContinue: framing.expects_continue)
    }

    private func problem(of framing: cmhd_head) -> (status: Int, detail: String)? {
        if framing.status != 0 { return (Int(framing.status), String(cString: framing.detail)) }
        if framing.is_chunked, server.isSafeMode {
            return (411, "chunked bodies are not accepted; send Content-Length")
        }
        return isPeerTrusted() ? nil : (403, "a trusted client certificate is required")
    }

    private func rejectHead(status: Int, detail: String) -> Bool {
        request = Self.rejectedRequest()
        return respondEarly(with: rejectedHead(status: status, detail: detail))
    }

    /// Rejects a head that may have left libmicrohttpd no room for the head of a response.
    private func rejectLargeHead() -> Bool {
        request = Self.rejectedRequest()
        sendLast(rejectedHead(status: 431, detail: "the head of the request is larger than 30 KiB"))
        return false
    }

    private static func rejectedRequest() -> Request {
        Request(head: nil, context: nil, body: BytesBuilder(limit: 0), step: .receiving, closes: true)
    }

    private func rejectedHead(status: Int, detail: String) -> HTTPResponse {
        server.counters.rejectedHeads.add(1, ordering: .relaxed)
        let fields = Bytes(headerFieldsIn: cmhd_fields_size(handle)) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { cmhd_copy_fields(handle, $0.baseAddress, $0.count) }
        }
        return server.application.response(
            to: HTTPRejection(status: status, detail: detail, fields: fields), context: nil)
    }

    /// Responds in the place of libmicrohttpd where that will reject this head for its Content-Length.
    func respondToRejectedLength() {
        var detail: UnsafePointer<CChar>?
        let status = Int(cmhd_length_rejection(handle, &detail))
        guard status != 0, let detail else { return }
        endHead()
        sendLast(rejectedHead(status: status, detail: String(cString: detail)))
    }

    private func decide(_ head: HTTPRequestHead, expectsContinue: Bool) -> Bool {
        let (context, response) = server.application.decide(head)
        let length = head.contentLength ?? 0
        guard let response else {
            let limit = server.application.bodyLimit
            request = Request(
                head: head, context: context, body: BytesBuilder(limit: limit),
                step: .receiving, closes: head.isChunked)
            guard length <= limit else {
                return respondEarly(with: rejected(413, "the request body is larger than \(limit) bytes"))
            }
            return enterBody(of: head)
        }
        let isDropped = !expectsContinue && !head.isChunked && length <= Self.droppedBodyLimit
        request = Request(
            head: head, context: context, body: BytesBuilder(limit: 0), step: .dropping(response), closes: false)
        return isDropped ? enterBody(of: head) : respondEarly(with: response)
    }

    private func enterBody(of head: HTTPRequestHead) -> Bool {
        head.contentLength == 0 || clock.enter(.body, milliseconds: server.limits.body)
    }

    private func rejected(_ status: Int, _ detail: String) -> HTTPResponse {
        server.application.response(to: HTTPRejection(status: status, detail: detail), context: request?.context)
    }

    func takeBody(_ piece: UnsafeRawBufferPointer) -> Bool {
        switch request?.step {
        case .receiving:
            guard extendBody(by: piece.count) else { return false }
            if let response = makeRoom(forBody: piece.count) {
                sendLast(response)
                return false
            }
            request?.body.append(piece)
            return true
        case .dropping:
            return extendBody(by: piece.count)
        case .batched, .decided, .suspended, .responding, nil:
            return true
        }
    }

    private func extendBody(by byteCount: Int) -> Bool {
        let limits = server.limits
        let earned = request?.progress.add(byteCount, atLeast: limits.bytesPerMillisecond) ?? 0
        return clock.extend(.body, milliseconds: earned, most: limits.body)
    }

    /// Makes room for `byteCount` more bytes of the body.
    ///
    /// - Returns: the response that ends the request where there is none.
    private func makeRoom(forBody byteCount: Int) -> HTTPResponse? {
        guard let context = request?.context, let limit = request?.body.limit, let count = request?.body.count,
            byteCount <= limit - count
        else { return rejected(413, "the request body is larger than the limit") }
        let announced = request?.head?.contentLength
        guard let capacity = request?.body.capacity(for: byteCount, expecting: announced) else { return nil }
        if let response = server.application.makeRoom(forBodyOf: capacity, context: context) { return response }
        do {
            try request?.body.resize(to: capacity)
            return nil
        } catch {
            return server.unavailable(context)
        }
    }

    /// Ends the connection with a response that libmicrohttpd takes no more.
    private func sendLast(_ response: HTTPResponse) {
        let bytes = RawResponse.bytes(of: response)
        cmhd_send_last(handle, bytes, bytes.count)
        lingers = true
    }

    /// The body is complete, or the request that is in a batch or was set aside goes on.
    func finishBody() -> Bool {
        switch request?.step {
        case .receiving:
            return clock.enter(.work, milliseconds: nil) && batch()
        case .dropping(let response):
            return respond(with: response)
        case .batched:
            loop.respondToBatch()
            return followDecision()
        case .decided:
            return followDecision()
        case .suspended(let complete):
            request?.step = .responding
            resume()
            return respond(with: complete.end() ?? server.unavailable(request?.context))
        case .responding, nil:
            return true
        }
    }

    /// Joins the loop's batch, which gets its responses when the loop next calls for one of it, or when it is full.
    private func batch() -> Bool {
        guard let head = request?.head, let context = request?.context,
            let body = request?.body.finish(tolerating: .max)
        else { return false }
        let isSmall = body.count <= ConnectionLoop.batchedBodyLimit
        request?.step = .batched(HTTPRequest(head: head, body: body, context: context, socket: socket.descriptor))
        guard !server.isSafeMode, isSmall else {
            loop.respond(to: [self])
            return followDecision()
        }
        loop.addToBatch(self)
        return true
    }

    private func followDecision() -> Bool {
        guard case .decided(let decision, let complete) = request?.step else { return false }
        request?.step = .responding
        switch decision {
        case .now(let response):
            _ = complete.end()
            return respond(with: response)
        case .later:
            if let response = suspend(complete) { return respond(with: response) }
            request?.step = .suspended(complete)
            return true
        }
    }

    /// Responds to a head whose body, if there is one, is not read.
    private func respondEarly(with response: HTTPResponse) -> Bool {
        lingers = request?.head.map { $0.contentLength != 0 } ?? true
        return respond(with: response)
    }

    private func respond(with response: HTTPResponse) -> Bool {
        guard startResponse(of: response.body.byteCount) else { return false }
        let closes = server.closesAfterResponse || request?.closes ?? true
        guard let prepared = PreparedResponse(response, closes: closes, log: server.log) else { return false }
        let isQueued = prepared.queue(on: handle)
        request?.isResponseQueued = isQueued
        return isQueued
    }

    /// The request is over.
    ///
    /// Harmless where there is none.
    func endRequest(isSent: Bool) {
        guard let ended = request.take() else { return }
        // Decided or resumed, but the connection broke before the handler was called again.
        switch ended.step {
        case .decided(_, let complete): _ = complete.end()
        case .suspended(let complete):
            _ = complete.end()
            resume()
        case .receiving, .dropping, .batched, .responding: break
        }
        if let context = ended.context {
            server.application.completed(context: context, wasSent: isSent && ended.isResponseQueued)
        }
        _ = clock.enter(.idle, milliseconds: server.limits.idle)
        loop.activeRequests.subtract(1, ordering: .sequentiallyConsistent)
    }
}

extension HTTPRequestHead {
    fileprivate convenience init(
        target: [UInt8], method: UnsafePointer<CChar>, framing: cmhd_head, peer: String, connection: OpaquePointer
    ) {
        let (path, query) = Self.split(target)
        self.init(
            method: String(cString: method), path: path, query: query,
            fields: Bytes(headerFieldsIn: framing.fields_size) { buffer in
                buffer.withMemoryRebound(to: CChar.self) { cmhd_copy_fields(connection, $0.baseAddress, $0.count) }
            },
            contentLength: framing.is_chunked ? nil : Int(max(framing.content_length, 0)),
            isChunked: framing.is_chunked, peer: peer)
    }

    /// Cuts a checked request target into path and query.
    ///
    /// - Parameter target: starts with `/`, or with `http://` or `https://` and an authority, or is `*`.
    private static func split(_ target: [UInt8]) -> (path: String, query: String?) {
        let origin = target[originStart(of: target)...]
        let mark = origin.firstIndex(of: UInt8(ascii: "?"))
        return (
            String(decoding: origin[..<(mark ?? origin.endIndex)], as: UTF8.self),
            mark.map { String(decoding: origin[($0 + 1)...], as: UTF8.self) }
        )
    }

    private static func originStart(of target: [UInt8]) -> Int {
        let slash = UInt8(ascii: "/")
        guard target.first != slash, let scheme = target.firstIndex(of: slash) else { return 0 }
        return target[min(scheme + 2, target.count)...].firstIndex(of: slash) ?? 0
    }
}
