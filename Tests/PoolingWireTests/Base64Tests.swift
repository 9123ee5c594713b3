import RecycledMemory
import Testing

@testable import PoolingWire

@Suite struct Base64Tests {
    /// Six bits after the other, as RFC 4648 has it.
    private func expected(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
        let digits = stride(from: 0, to: bits.count, by: 6).map { start in
            (0..<6).reduce(0) { 2 * $0 + (start + $1 < bits.count ? Int(bits[start + $1]) : 0) }
        }
        return String(digits.map { alphabet[$0] }) + String(repeating: "=", count: (4 - digits.count % 4) % 4)
    }

    private func encoded(_ bytes: [UInt8]) -> String {
        let text = [UInt8](unsafeUninitializedCapacity: Base64.encodedCount(bytes.count)) { text, count in
            count = bytes.withUnsafeBytes { Base64.encode($0, into: text) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Vectors begin at 16 bytes and end before the last four.
    @Test func `any number of bytes is written`() {
        var bits = RepeatableBits(state: 9)
        for count in 0...100 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: bits.next()) }
            #expect(encoded(bytes) == expected(bytes), "\(count) bytes")
        }
    }

    @Test func `every digit is written at every place of a group`() {
        for place in 0..<4 {
            let words = (0..<64).map { UInt32($0) << UInt32(6 * (3 - place)) }
            let bytes = words.flatMap { [UInt8($0 >> 16), UInt8($0 >> 8 & 0xff), UInt8($0 & 0xff)] }
            #expect(encoded(bytes) == expected(bytes))
        }
    }

    private func decoded(_ text: [UInt8]) throws(Base64.Mistake) -> [UInt8]? {
        guard let count = text.withUnsafeBytes({ Base64.decodedCount($0) }) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        let outcome = text.withUnsafeBytes { text in
            bytes.withUnsafeMutableBytes { room in
                Result { () throws(Base64.Mistake) in try Base64.decode(text, into: room) }
            }
        }
        try outcome.get()
        return bytes
    }

    /// Vectors read 32 characters, and write four bytes more than these have.
    @Test func `any number of bytes is read`() throws {
        var bits = RepeatableBits(state: 10)
        for count in 0...150 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: bits.next()) }
            #expect(try decoded(Array(expected(bytes).utf8)) == bytes, "\(count) bytes")
        }
    }

    @Test func `every character is a digit or a mistake, at every place`() {
        // 32 characters in a vector, and as many one by one.
        let bytes = (0..<48).map { UInt8($0) }
        let text = Array(expected(bytes).utf8)
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for character in UInt8.min...UInt8.max {
            for place in text.indices where place < text.count - 2 || character != UInt8(ascii: "=") {
                var other = text
                other[place] = character
                do throws(Base64.Mistake) {
                    let read = try decoded(other)
                    #expect(alphabet.contains(character))
                    #expect(expected(read ?? []) == String(decoding: other, as: UTF8.self))
                } catch {
                    guard case .character(place) = error, !alphabet.contains(character) else {
                        Issue.record("\(character) at \(place): \(error)")
                        return
                    }
                }
            }
        }
    }
}
