import RecycledMemory
import Testing

@testable import PoolingWire

@Suite struct JSONStringTests {
    /// The bytes of the string that `text` begins with, or the offset of its mistake.
    private func taken(_ text: [UInt8]) -> Result<(Range<Int>, hasEscapes: Bool), WireError> {
        text.withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            return Result { () throws(WireError) in
                let token = try reader.takeStringToken()
                return (token.range, token.hasEscapes)
            }
        }
    }

    /// Vectors look at 32 characters at a time.
    private static let lengths = 0...100

    private func quoted(_ text: [UInt8]) -> [UInt8] { [UInt8(ascii: "\"")] + text }

    @Test func `a string ends at its quote, wherever that is`() throws {
        for length in Self.lengths {
            for rest in [0, 1, 40] {
                let text = [UInt8](repeating: 0x7f, count: length)
                let token = try taken(quoted(text + quoted([UInt8](repeating: 0x20, count: rest)))).get()
                #expect(token.0 == 1..<1 + length && !token.hasEscapes)
            }
        }
    }

    @Test func `an escape and a letter beyond ASCII are found wherever they are`() throws {
        for length in Self.lengths {
            let plain = [UInt8](repeating: UInt8(ascii: "!"), count: length)
            let escape = try taken(quoted(plain + Array("\\n".utf8) + plain + quoted([]))).get()
            #expect(escape.0 == 1..<3 + 2 * length && escape.hasEscapes)
            let letter = try taken(quoted(plain + Array("é".utf8) + plain + quoted([]))).get()
            #expect(letter.0 == 1..<3 + 2 * length && !letter.hasEscapes)
        }
    }

    @Test func `a control character and a byte that is not UTF-8 are mistakes wherever they are`() {
        for length in Self.lengths {
            let plain = [UInt8](repeating: UInt8(ascii: "a"), count: length)
            for wrong in Array(UInt8(0)...0x1f) + [0x80, 0xc0, 0xff] {
                guard case .failure(.malformed(_, let offset, _)) = taken(quoted(plain + [wrong] + plain + quoted([])))
                else {
                    Issue.record("\(wrong) after \(length) characters")
                    return
                }
                #expect(offset == 1 + length)
            }
        }
    }

    @Test func `a string without an end is a mistake at the end`() {
        for length in Self.lengths {
            guard case .failure(.malformed(_, let offset, _)) = taken(quoted([UInt8](repeating: 0x61, count: length)))
            else {
                Issue.record("\(length) characters")
                return
            }
            #expect(offset == 1 + length)
        }
    }
}
