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
}
