import MicroHTTP

/// How much memory a request will need, as far as each stage can tell.
enum MemoryEstimate {
    /// The body, and the tensors in it: two bytes of JSON (`1,`) become four of float32.
    private static let bytesPerBodyByte = 3
    /// The result, and its text: four bytes of float32 become up to 14 characters.
    private static let bytesPerResultByte = 4

    /// What a body will need if all of it arrives; nothing is known of a chunked one.
    static func announcedBody(_ head: HTTPRequestHead) -> Int { body(byteCount: head.contentLength ?? 0) }

    static func body(byteCount: Int) -> Int { product(byteCount, bytesPerBodyByte) }

    /// Once the plan says how large the result is.
    static func result(byteCount: Int) -> Int { product(byteCount, bytesPerResultByte) }

    private static func product(_ byteCount: Int, _ factor: Int) -> Int {
        let (bytes, overflow) = byteCount.multipliedReportingOverflow(by: factor)
        return overflow ? .max : bytes
    }
}
