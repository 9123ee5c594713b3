/// Where a request's time went, in nanoseconds.
package struct Timings: Sendable {
    package var parse: UInt64 = 0
    package var queue: UInt64 = 0
    package var compute: UInt64 = 0
    package var serialize: UInt64 = 0

    /// The value of `Server-Timing`, in milliseconds.
    var header: String {
        String(unsafeUninitializedCapacity: 160) { bytes in
            var text = OutputSpan(buffer: bytes, initializedCount: 0)
            Self.append("parse;dur=", parse, to: &text)
            Self.append(", queue;dur=", queue, to: &text)
            Self.append(", compute;dur=", compute, to: &text)
            Self.append(", serialize;dur=", serialize, to: &text)
            return text.finalize(for: bytes)
        }
    }

    private static func append(_ name: StaticString, _ nanoseconds: UInt64, to text: inout OutputSpan<UInt8>) {
        text.append(name)
        text.append(milliseconds: nanoseconds)
    }
}
