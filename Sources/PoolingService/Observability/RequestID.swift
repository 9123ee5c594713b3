import Synchronization

/// Names for requests: the client's own where it is sane, else one that no other request of this process has.
enum RequestID {
    private static let count = Atomic<UInt64>(UInt64.random(in: 0 ... .max))

    /// The client's name where it consists of 1 to 128 letters, digits, dots, dashes and underscores.
    static func accepted(_ header: String) -> String? {
        guard (1...128).contains(header.utf8.count), header.utf8.allSatisfy(isAllowed) else { return nil }
        return header
    }

    /// Sixteen hexadecimal digits.
    ///
    /// A bijection of a counter that starts anywhere: unique within the process, and neighbours look nothing alike.
    static func make() -> String {
        var x = count.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
        x ^= x >> 31
        return String(unsafeUninitializedCapacity: 16) { digits in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: x >> UInt64(60 - 4 * index)) & 15
                digits[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
