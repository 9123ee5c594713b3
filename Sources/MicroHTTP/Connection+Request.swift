internal import CMicroHTTPD
internal import CMicroHTTPDSupport
import Synchronization

/// A request's head as libmicrohttpd shows it; only good during one call.
struct HeadPointers {
    let url, method, version: UnsafePointer<CChar>
}

// A request's way: head, body, answer. Each step returns whether the connection may go on.
extension Connection {
    func takeHead(_ pointers: HeadPointers) -> Bool {
        loop.activeRequests.add(1, ordering: .sequentiallyConsistent)
        var framing = cmhd_head()
        target.withUnsafeBytes { target in
            cmhd_check_head(
                handle, target.baseAddress?.assumingMemoryBound(to: CChar.self) ?? pointers.url, target.count,
                pointers.url, pointers.method, pointers.version, !server.isSafeMode, &framing)
        }
        if let refusal = refusal(of: framing) { return refuseHead(status: refusal.status, detail: refusal.detail) }
        let head = HTTPRequestHead(
            target: target, method: pointers.method, framing: framing, peer: peer, connection: handle)
        return decide(head, expectsContinue: framing.expects_continue)
    }

    private func refusal(of framing: cmhd_head) -> (status: Int, detail: String)? {
        if framing.status != 0 { return (Int(framing.status), String(cString: framing.detail)) }
        if framing.is_chunked, server.isSafeMode { return (411, "chunked bodies are not taken at present") }
        return isPeerTrusted() ? nil : (403, "a trusted client certificate is required")
    }

    private func refuseHead(status: Int, detail: String) -> Bool {
        server.counters.refusedHeads.add(1, ordering: .relaxed)
        request = Request(
            head: nil, context: nil, body: BodyBuffer(limit: 0, announced: nil), step: .receiving, closes: true)
        return answer(server.application.malformed(status: status, detail: detail))
    }

    private func decide(_ head: HTTPRequestHead, expectsContinue: Bool) -> Bool {
        switch server.application.decide(head) {
        case .receive(let limit, let context):
            request = Request(
                head: head, context: context, body: BodyBuffer(limit: limit, announced: head.contentLength),
                step: .receiving, closes: head.isChunked)
            guard head.contentLength ?? 0 <= limit else {
                return answer(
                    server.application.malformed(status: 413, detail: "a body has at most \(limit) bytes here"))
            }
            return enterBody(of: head, limit: limit)
        case .refuse(let response, let context):
            let isDropped = !expectsContinue && !head.isChunked && head.contentLength ?? 0 <= Self.droppedBodyLimit
            request = Request(
                head: head, context: context, body: BodyBuffer(limit: 0, announced: nil),
                step: .dropping(response, left: Self.droppedBodyLimit), closes: false)
            return isDropped ? enterBody(of: head, limit: Self.droppedBodyLimit) : answer(response)
        }
    }

    private func enterBody(of head: HTTPRequestHead, limit: Int) -> Bool {
        if head.contentLength == 0 { return true }
        let deadline = server.limits.transfer(of: head.contentLength ?? limit, base: server.limits.body)
        return clock.enter(.body, milliseconds: deadline)
    }

    func takeBody(_ piece: UnsafeRawBufferPointer) -> Bool {
        switch request?.step {
        case .receiving:
            do {
                try request?.body.append(piece)
            } catch {
                request?.step = .dropping(refusal(of: error), left: Self.droppedExcessLimit)
            }
            return true
        case .dropping(let response, let left):
            guard piece.count <= left else { return false }
            request?.step = .dropping(response, left: left - piece.count)
            return true
        case .gathered, .replied, .parked, .answering, nil:
            return true
        }
    }

    private func refusal(of failure: BodyBuffer.Failure) -> HTTPResponse {
        switch failure {
        case .overLimit: server.application.malformed(status: 413, detail: "the body is larger than is taken here")
        case .noMemory: server.unavailable()
        }
    }

    /// The body is complete, or the request that is in a round or was set aside goes on.
    func finishBody() -> Bool {
        switch request?.step {
        case .receiving:
            return clock.enter(.work, milliseconds: nil) && gather()
        case .dropping(let response, _):
            return answer(response)
        case .gathered:
            loop.round.answer()
            return takeReply()
        case .replied:
            return takeReply()
        case .parked(let exchange):
            request?.step = .answering
            unpark()
            return answer(exchange.end() ?? server.unavailable())
        case .answering, nil:
            return true
        }
    }

    /// Joins the loop's round: it is answered by the next call of the loop for one that is in it, or when it is full.
    private func gather() -> Bool {
        guard let head = request?.head, let context = request?.context, let body = request?.body.takeBody() else {
            return false
        }
        let exchange = HTTPExchange(socket: socket)
        request?.step = .gathered(HTTPRequest(head: head, body: body, context: context, exchange: exchange))
        guard !server.isSafeMode, body.bytes.count <= RequestRound.bodyLimit else {
            RequestRound.answer([self])
            return takeReply()
        }
        loop.round.add(self)
        return true
    }

    private func takeReply() -> Bool {
        guard case .replied(let reply, let exchange) = request?.step else { return false }
        request?.step = .answering
        switch reply {
        case .now(let response):
            _ = exchange.end()
            return answer(response)
        case .later:
            if let response = park(exchange) { return answer(response) }
            request?.step = .parked(exchange)
            return true
        }
    }

    private func answer(_ response: HTTPResponse) -> Bool {
        let deadline = server.limits.transfer(of: response.body.count, base: server.limits.response)
        guard clock.enter(.response, milliseconds: deadline) else { return false }
        let closes = server.closesAfterResponse || request?.closes ?? true
        guard let prepared = PreparedResponse(response, closes: closes, log: server.log) else { return false }
        let isQueued = prepared.queue(on: handle)
        request?.isAnswered = isQueued
        return isQueued
    }

    /// The request is over.
    ///
    /// Harmless where there is none.
    func endRequest(isSent: Bool) {
        guard let ended = request.take() else { return }
        // Replied to or resumed, but the connection broke before the handler was called again.
        switch ended.step {
        case .replied(_, let exchange): _ = exchange.end()
        case .parked(let exchange):
            _ = exchange.end()
            unpark()
        case .receiving, .dropping, .gathered, .answering: break
        }
        if let context = ended.context {
            server.application.completed(context: context, wasSent: isSent && ended.isAnswered)
        }
        _ = clock.enter(.idle, milliseconds: server.limits.idle)
        loop.activeRequests.subtract(1, ordering: .sequentiallyConsistent)
    }
}

extension HTTPRequestHead {
    fileprivate convenience init(
        target: [UInt8], method: UnsafePointer<CChar>, framing: cmhd_head, peer: String, connection: OpaquePointer
    ) {
        let origin = RequestTarget(target)
        self.init(
            method: String(cString: method), path: origin.path, query: origin.query,
            fields: HeaderFields(size: framing.fields_size) { buffer in
                buffer.withMemoryRebound(to: CChar.self) { cmhd_copy_fields(connection, $0.baseAddress, $0.count) }
            },
            contentLength: framing.is_chunked ? nil : Int(max(framing.content_length, 0)),
            isChunked: framing.is_chunked, peer: peer)
    }
}
