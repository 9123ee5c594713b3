/// The header fields of one request, kept as the bytes that came in.
///
/// Most requests are asked for a few of their fields only, so strings are made on demand.
struct HeaderFields: Sendable {
    /// `name NUL value NUL`, one after the other.
    private let bytes: [UInt8]

    /// - Parameter fill: writes the fields and returns how many bytes they take, at most `size`.
    init(size: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in count = fill(buffer) }
    }

    init(_ fields: [(name: String, value: String)]) {
        bytes = fields.flatMap { Array($0.name.utf8) + [0] + Array($0.value.utf8) + [0] }
    }

    var all: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        forEach { name, value in
            fields.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
            return true
        }
        return fields
    }

    func first(named name: String) -> String? {
        var name = name
        return name.withUTF8 { wanted in
            var found: String?
            forEach { name, value in
                guard Self.areEqual(name, wanted) else { return true }
                found = String(decoding: value, as: UTF8.self)
                return false
            }
            return found
        }
    }

    /// Visits each field until `body` returns false.
    private func forEach(_ body: (Slice<UnsafeBufferPointer<UInt8>>, Slice<UnsafeBufferPointer<UInt8>>) -> Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let nameEnd = Self.end(in: bytes, from: start)
                let valueEnd = Self.end(in: bytes, from: nameEnd + 1)
                guard valueEnd < bytes.count, body(bytes[start..<nameEnd], bytes[nameEnd + 1..<valueEnd]) else {
                    return
                }
                start = valueEnd + 1
            }
        }
    }

    private static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != 0 { index += 1 }
        return index
    }

    private static func areEqual(
        _ one: Slice<UnsafeBufferPointer<UInt8>>, _ other: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<other.count
        where lowercased(one[one.startIndex + offset]) != lowercased(other[offset]) {
            return false
        }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
