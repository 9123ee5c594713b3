import PoolingEngine

/// Philox 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
package enum OraclePhilox {
    /// The four output words of `counter` under `key`.
    package static func block(counter: [UInt32], key: [UInt32]) -> [UInt32] {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let left = UInt64(c[0]) * 0xD251_1F53
            let right = UInt64(c[2]) * 0xCD9E_8D57
            c = [
                UInt32(right >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: right),
                UInt32(left >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: left),
            ]
            k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
        }
        return c
    }

    /// The words for one output position: key = seed, low word first; counter = {position low, high, stream, 0}.
    package static func words(seed: UInt64, position: UInt64, stream: UInt32) -> [UInt32] {
        block(
            counter: [UInt32(truncatingIfNeeded: position), UInt32(position >> 32), stream, 0],
            key: [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
    }
}

extension OracleRequest {
    var seed: UInt64 {
        if case .number(let number) = value("seed"), let whole = number.whole { UInt64(whole) } else { 0 }
    }
}
