/// The header fields of one request, kept as the bytes that came in.
///
/// Few fields of a request are of interest, so whoever visits them makes strings of those.
struct HeaderFields: Sendable {
    /// `name NUL value NUL`, one after the other.
    private let bytes: [UInt8]

    /// - Parameter fill: writes the fields and returns how many bytes they take, at most `size`.
    init(size: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        // An array made with a capacity looks up the type of its storage each time.
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: size) { room in
            room.withUnsafeMutableBufferPointer { buffer, count in count = fill(buffer) }
        }
        self.bytes = bytes
    }

    init(_ fields: [(name: String, value: String)]) {
        bytes = fields.flatMap { Array($0.name.utf8) + [0] + Array($0.value.utf8) + [0] }
    }

    /// Visits each field's name and value.
    func forEach(_ visit: (Span<UInt8>, Span<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let nameEnd = Self.end(in: bytes, from: start)
                let valueEnd = Self.end(in: bytes, from: nameEnd + 1)
                guard valueEnd < bytes.count else { return }
                let name = UnsafeBufferPointer(rebasing: bytes[start..<nameEnd])
                let value = UnsafeBufferPointer(rebasing: bytes[nameEnd + 1..<valueEnd])
                visit(name.span, value.span)
                start = valueEnd + 1
            }
        }
    }

    private static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != 0 { index += 1 }
        return index
    }
}
