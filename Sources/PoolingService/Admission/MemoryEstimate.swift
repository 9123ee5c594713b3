import MicroHTTP

/// How much memory a request will need, as far as each stage can tell.
enum MemoryEstimate {
    /// The body, and the tensors in it: two bytes of JSON (`1,`) become four of float32.
    ///
    /// When a worker reads a body, only what it really takes stays reserved.
    private static let bytesPerBodyByte = 3

    /// What a body will need if all of it arrives; nothing is known of a chunked one.
    static func announcedBody(_ head: HTTPRequestHead) -> Int { body(byteCount: head.contentLength ?? 0) }

    static func body(byteCount: Int) -> Int { product(byteCount, bytesPerBodyByte) }

    static func sum(_ byteCounts: Int...) -> Int {
        byteCounts.reduce(0) { sum, byteCount in
            let (next, overflow) = sum.addingReportingOverflow(byteCount)
            return overflow ? .max : next
        }
    }

    private static func product(_ byteCount: Int, _ factor: Int) -> Int {
        let (bytes, overflow) = byteCount.multipliedReportingOverflow(by: factor)
        return overflow ? .max : bytes
    }
}
