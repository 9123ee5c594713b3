import MicroHTTP

/// How much memory a request will need, as far as each stage can tell.
enum MemoryEstimate {
    /// The body, and the tensors in it: two bytes of JSON (`1,`) become four of float32.
    private static let bytesPerBodyByte = 3
    /// The result, and its text: four bytes of float32 become up to 14 characters.
    private static let bytesPerResultByte = 4

    /// Before the body is read.
    ///
    /// A chunked body may grow up to the limit.
    static func beforeBody(_ head: HTTPRequestHead, bodyLimit: Int) -> Int {
        body(byteCount: min(head.contentLength ?? bodyLimit, bodyLimit))
    }

    static func body(byteCount: Int) -> Int { byteCount * bytesPerBodyByte }

    /// Once the plan says how large the result is.
    static func result(byteCount: Int) -> Int {
        let (bytes, overflow) = byteCount.multipliedReportingOverflow(by: bytesPerResultByte)
        return overflow ? .max : bytes
    }
}
