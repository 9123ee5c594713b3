/// Where a request's time went, in nanoseconds.
package struct Timings: Sendable {
    package var parse: UInt64 = 0
    package var queue: UInt64 = 0
    package var compute: UInt64 = 0
    package var serialize: UInt64 = 0

    /// The value of `Server-Timing`, in milliseconds.
    var header: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(96)
        Self.append("parse;dur=", parse, to: &bytes)
        Self.append(", queue;dur=", queue, to: &bytes)
        Self.append(", compute;dur=", compute, to: &bytes)
        Self.append(", serialize;dur=", serialize, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ name: StaticString, _ nanoseconds: UInt64, to bytes: inout [UInt8]) {
        bytes.append(text: name)
        bytes.append(milliseconds: nanoseconds)
    }
}
