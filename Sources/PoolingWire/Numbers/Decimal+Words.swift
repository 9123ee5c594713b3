extension Decimal {
    /// ``init(plain:powers:)`` in words of eight characters: at most seven digits before the point, nineteen in all.
    @inline(__always)
    init?(words start: UnsafePointer<UInt8>, powers: PowersOfTen) {
        if let short = ShortNumber(at: start).decimal {
            self = short
        } else if let long = Decimal(long: start, powers: powers) {
            self = long
        } else {
            return nil
        }
    }

    /// Out of line, so that a loop over short numbers keeps its registers.
    @inline(never)
    private init?(long start: UnsafePointer<UInt8>, powers: PowersOfTen) {
        let isNegative = start.pointee == UInt8(ascii: "-")
        let digits = start + (isNegative ? 1 : 0)
        let whole = EightDigits(at: digits)
        let wholeCount = whole.count
        guard 1...7 ~= wholeCount, wholeCount == 1 || digits.pointee != UInt8(ascii: "0") else { return nil }
        var significand = wholeCount == 1 ? whole.word & 0xff : whole.value(ofFirst: wholeCount)
        var end = digits + wholeCount
        var exponent = 0
        if end.pointee == UInt8(ascii: ".") {
            let first = EightDigits(at: end + 1)
            let second = EightDigits(at: end + 9)
            // Lengths vary from number to number, so that a branch here would be mispredicted: 8 >> 3 is 1, less is 0.
            let firstCount = first.count
            var count = firstCount &+ second.count &* (firstCount >> 3)
            guard count > 0, wholeCount &+ count <= 19 else { return nil }
            let aligned = (UInt128(second.word) << 64 | UInt128(first.word)) &<< UInt128(128 &- 8 &* count)
            let upper = EightDigits(word: UInt64(truncatingIfNeeded: aligned)).value
            let lower = EightDigits(word: UInt64(truncatingIfNeeded: aligned >> 64)).value
            significand = significand &* powers.integer(count) &+ upper &* 100_000_000 &+ lower
            end += 1 &+ count
            if count == 16 {
                while case let digit = end.pointee &- UInt8(ascii: "0"), digit <= 9 {
                    guard wholeCount &+ count < 19 else { return nil }
                    significand = significand &* 10 &+ UInt64(digit)
                    count &+= 1
                    end += 1
                }
            }
            exponent = 0 &- count
        }
        guard end.pointee | 0x20 != UInt8(ascii: "e") else { return nil }
        self.init(
            isNegative: isNegative, significand: significand, exponent: exponent,
            text: UnsafeBufferPointer(start: start, count: end - start))
    }
}
