#if arch(x86_64)
    internal import CDecimal

    extension Decimal {
        /// ``init(plain:powers:)`` in vectors of sixteen characters: a point among the first fifteen of at most 31.
        @inline(__always)
        init?(vectors start: UnsafePointer<UInt8>) {
            let number = cdecimal_take(start)
            guard number.length > 0 else { return nil }
            self.init(
                isNegative: start.pointee == UInt8(ascii: "-"), significand: number.significand,
                exponent: 0 &- Int(number.places), text: UnsafeBufferPointer(start: start, count: Int(number.length)))
        }
    }
#endif
