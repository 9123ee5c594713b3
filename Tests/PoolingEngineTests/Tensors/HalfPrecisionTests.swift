import Testing

@testable import PoolingEngine

/// The 16-bit types, whose numbers are converted in vectors where they are next to each other.
struct HalfPrecisionTests {
    private static let allPatterns = Array(0...UInt16.max)
    /// From one number of a 16-bit type to the next there are the middle and its neighbours; signs, NaN, overflow and
    /// numbers that vanish are among them.
    private static let roundedNumbers: [Float] =
        stride(from: UInt32(0), through: .max - 0xFFF, by: 0x1000).flatMap { pattern in
            [pattern, pattern &+ 1, pattern | 0xFFF].map { Float(bitPattern: $0) }
        }

    @Test func `all numbers of 16 bits are computed in vectors as one by one`() {
        expectSameComputed(Self.allPatterns.map { StoredFloat16(bits: $0) })
        expectSameComputed(Self.allPatterns.map { StoredBFloat16(bits: $0) })
    }

    @Test func `numbers are rounded to 16 bits in vectors as one by one`() {
        expectSameRounded(StoredFloat16.self, bits: \.bits) { StoredFloat16(nearest: $0) }
        expectSameRounded(StoredBFloat16.self, bits: \.bits) { StoredBFloat16(nearest: $0) }
    }

    @Test(arguments: [1, 2, 15, 16, 17, 31, 33])
    func `numbers behind the last are left alone`(_ count: Int) {
        expectSameEnd(count, StoredFloat16.init(bits:), bits: \.bits)
        expectSameEnd(count, StoredBFloat16.init(bits:), bits: \.bits)
    }

    private func expectSameEnd<Stored: StoredElement>(
        _ count: Int, _ number: (UInt16) -> Stored, bits: (Stored) -> UInt16
    ) where Stored.Computed == Float {
        let patterns = (0..<count).map { number(UInt16(0x3C00 + $0)) }
        let cells = written(count: count + 1, from: Float(-1)) { Stored.compute(patterns, count: count, to: $0) }
        #expect(cells == patterns.map(\.computed) + [-1])
        let left = number(0xBC00)
        let halves = written(count: count + 1, from: left) { Stored.round(cells, count: count, to: $0) }
        #expect(halves.map(bits) == patterns.map(bits) + [bits(left)])
    }

    private func expectSameComputed<Stored: StoredElement>(_ numbers: [Stored]) where Stored.Computed == Float {
        let cells = written(count: numbers.count, from: Float.zero) {
            Stored.compute(numbers, count: numbers.count, to: $0)
        }
        #expect(cells.map(\.bitPattern) == numbers.map(\.computed.bitPattern))
    }

    private func expectSameRounded<Stored: StoredElement>(
        _ type: Stored.Type, bits: (Stored) -> UInt16, _ nearest: (Float) -> Stored
    ) where Stored.Computed == Float {
        let numbers = Self.roundedNumbers
        let halves = written(count: numbers.count, from: nearest(0)) {
            Stored.round(numbers, count: numbers.count, to: $0)
        }
        #expect(halves.map(bits) == numbers.map { bits(nearest($0)) })
    }

    private func written<Number>(
        count: Int, from start: Number, _ write: (UnsafeMutablePointer<Number>) -> Void
    ) -> [Number] {
        var numbers = [Number](repeating: start, count: count)
        numbers.withUnsafeMutableBufferPointer { numbers in
            if let first = numbers.baseAddress { write(first) }
        }
        return numbers
    }
}
