extension Decimal {
    /// The longest text that ``init(plain:powers:)`` looks at.
    static let plainTextReach = 32

    /// Takes a number of the usual form: no exponent, and no more digits than a 64-bit significand holds.
    ///
    /// Reads ``plainTextReach`` bytes, whatever they are. Nil says only that ``init(_:from:)`` has to look.
    @inline(__always)
    init?(plain start: UnsafePointer<UInt8>, powers: PowersOfTen) {
        #if arch(x86_64)
            self.init(vectors: start)
        #else
            self.init(words: start, powers: powers)
        #endif
    }
}
