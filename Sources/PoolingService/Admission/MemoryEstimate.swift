import MicroHTTP

/// How much memory a request will need, as far as each stage can tell.
enum MemoryEstimate {
    /// The body, and the tensors in it: two bytes of JSON (`1,`) become four of float32. When a body is read, only what
    /// it really takes stays reserved.
    private static let bytesPerBodyByte = 3

    /// Before the body is read.
    ///
    /// A chunked body may grow up to the limit.
    static func beforeBody(_ head: HTTPRequestHead, bodyLimit: Int) -> Int {
        body(byteCount: min(head.contentLength ?? bodyLimit, bodyLimit))
    }

    static func body(byteCount: Int) -> Int { byteCount * bytesPerBodyByte }

    static func sum(_ byteCounts: Int...) -> Int {
        byteCounts.reduce(0) { sum, byteCount in
            let (next, overflow) = sum.addingReportingOverflow(byteCount)
            return overflow ? .max : next
        }
    }
}
