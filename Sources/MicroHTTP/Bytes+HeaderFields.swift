import RecycledMemory

// The header fields of a request are kept as the bytes that came in: `name NUL value NUL`, one after the other. Few fields
// of a request are of interest, so whoever visits them makes strings of those.
extension Bytes {
    /// - Parameter fill: writes the fields and returns how many bytes they take, at most `size`.
    init(headerFieldsIn size: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        let room = Bytes(byteCount: size)
        let count = room.withUnsafeMutableBytes { bytes in fill(bytes.bindMemory(to: UInt8.self)) }
        self = room[0..<count]
    }

    init(headerFields: [(name: String, value: String)]) {
        self.init(copying: headerFields.flatMap { Array($0.name.utf8) + [0] + Array($0.value.utf8) + [0] })
    }

    /// Visits each field's name and value.
    func forEachHeaderField(_ visit: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        withUnsafeBytes { bytes in
            let bytes = bytes.bindMemory(to: UInt8.self)
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
