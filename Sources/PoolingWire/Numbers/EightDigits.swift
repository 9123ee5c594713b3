/// Eight bytes of text taken as decimal digits, all at once.
///
/// The first character is the lowest byte; a digit's byte is its value, 0 to 9.
struct EightDigits {
    private static let zeros: UInt64 = 0x3030_3030_3030_3030
    var word: UInt64

    /// Loads the eight bytes at `text`.
    @inline(__always)
    init(at text: UnsafePointer<UInt8>) {
        word = UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self)) ^ Self.zeros
    }

    @inline(__always)
    init(word: UInt64) { self.word = word }

    /// The digits of a number below 10^8, with leading zeros.
    @inline(__always)
    init(of number: UInt64) {
        // Each step puts quotients below their remainders: q + (n - q·d)·2^w is n·2^w - q·(d·2^w - 1).
        let upper = (number &* 109_951_163) >> 40
        let fours = number << 32 &- upper &* (10_000 << 32 - 1)
        let hundreds = ((fours &* 10_486) >> 20) & 0x0000_007f_0000_007f
        let pairs = fours << 16 &- hundreds &* (100 << 16 - 1)
        let tens = ((pairs &* 103) >> 10) & 0x000f_000f_000f_000f
        word = pairs << 8 &- tens &* (10 << 8 - 1)
    }

    /// The high bit of each byte that is no digit; exact up to the first byte that is not ASCII.
    @inline(__always)
    var others: UInt64 { ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080 }

    /// The high bit of each byte that is a point; it may also mark a slash that follows a point.
    @inline(__always)
    var points: UInt64 {
        let differences = word ^ 0x1e1e_1e1e_1e1e_1e1e
        return (differences &- 0x0101_0101_0101_0101) & ~differences & 0x8080_8080_8080_8080
    }

    /// How many digits come before the first other character.
    @inline(__always)
    var count: Int { others.trailingZeroBitCount >> 3 }

    /// The number that all eight bytes, which must be digits, make.
    @inline(__always)
    var value: UInt64 {
        let pairs = word &* 10 &+ word >> 8
        let even = (pairs & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
        let odd = (pairs >> 16 & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
        return (even &+ odd) >> 32
    }

    /// The number that the first `count` (1 to 8) bytes make.
    @inline(__always)
    func value(ofFirst count: Int) -> UInt64 {
        EightDigits(word: word &<< (64 &- 8 &* count)).value
    }

    /// The characters.
    @inline(__always)
    var text: UInt64 { word | Self.zeros }

    /// How many of the eight digits are left without the zeros at the end.
    @inline(__always)
    var countWithoutTrailingZeros: Int { 8 &- word.leadingZeroBitCount >> 3 }
}
