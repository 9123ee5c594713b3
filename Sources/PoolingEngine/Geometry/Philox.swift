/// Philox4×32-10, a counter-based generator: the same seed and counter give the same word on every machine.
///
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
package struct Philox: Sendable {
    /// What a number is drawn for, so that one seed can drive several things.
    package enum Stream: UInt32, Sendable {
        case stochastic = 0
        case fractional = 1
    }

    private let key: (UInt32, UInt32)

    /// - Parameter seed: its two 32-bit words are the key, the low one first.
    package init(seed: UInt64) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    }

    /// The four words of one counter.
    package func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        var counter = counter
        var key = key
        for _ in 0..<10 {
            let first = UInt64(counter.x) * 0xD251_1F53
            let second = UInt64(counter.z) * 0xCD9E_8D57
            counter = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.0, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.1, UInt32(truncatingIfNeeded: first))
            key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
        }
        return counter
    }

    /// A number strictly between 0 and 1: (w + 0.5)/2^32 of the first word w at `position`.
    package func uniform(at position: Int, _ stream: Stream) -> Double {
        let position = UInt64(position)
        let counter = SIMD4(
            UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), stream.rawValue, 0)
        return (Double(block(counter).x) + 0.5) / 4_294_967_296
    }

    /// The same for eight positions side by side.
    @inline(__always)
    func uniforms(at positions: SIMD8<UInt64>, _ stream: Stream) -> SIMD8<Double> {
        let word: UInt64 = 0xFFFF_FFFF
        var (x, y) = (positions & word, positions &>> 32)
        var (z, w) = (SIMD8(repeating: UInt64(stream.rawValue)), SIMD8<UInt64>.zero)
        var key = key
        for _ in 0..<10 {
            // Masked where they are multiplied, so that products of 32 bits are enough.
            let (first, second) = ((x & word) &* 0xD251_1F53, (z & word) &* 0xCD9E_8D57)
            (x, y) = ((second &>> 32) ^ y ^ UInt64(key.0), second & word)
            (z, w) = ((first &>> 32) ^ w ^ UInt64(key.1), first & word)
            key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
        }
        // The word is the lowest bits of 2^52 + word.
        return (Lanes(bits: x | 0x4330_0000_0000_0000) - 0x1p52 + 0.5) * 0x1p-32
    }
}
