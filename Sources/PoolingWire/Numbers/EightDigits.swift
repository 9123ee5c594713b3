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
        let upper = (number &* 109_951_163) >> 40
        let fours = upper | (number &- upper &* 10_000) << 32
        let hundreds = ((fours &* 10_486) >> 20) & 0x0000_007f_0000_007f
        let pairs = hundreds | (fours &- hundreds &* 100) << 16
        let tens = ((pairs &* 103) >> 10) & 0x000f_000f_000f_000f
        word = tens | (pairs &- tens &* 10) << 8
    }

    /// How many digits come before the first other character.
    @inline(__always)
    var count: Int {
        // A byte above 9 gets its high bit; carries only reach bytes after the first of those.
        let others = ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080
        return others.trailingZeroBitCount >> 3
    }

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
