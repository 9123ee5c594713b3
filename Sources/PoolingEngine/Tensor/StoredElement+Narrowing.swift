// Numbers of narrower types: rounded once, to nearest even; nil where a finite number becomes an infinity.

extension Float {
    @inline(__always)
    init?(holding value: Double) {
        self.init(value)
        if isInfinite, value.isFinite { return nil }
    }

    /// One of the two neighbours of `value`, the odd one where it lies between them: rounded on to a narrower type, it
    /// gives what one rounding of `value` gives.
    init(roundingToOdd value: Double) {
        let near = Float(value)
        let isExact = Double(near) == value || !near.isFinite
        let isOutward = Double(near).magnitude < value.magnitude
        let isEven = near.bitPattern & 1 == 0
        self = isExact || !isEven ? near : Float(bitPattern: isOutward ? near.bitPattern + 1 : near.bitPattern - 1)
    }
}

extension StoredFloat16 {
    init?(holding value: Double) {
        self.init(nearest: value)
        if computed.isInfinite, value.isFinite { return nil }
    }
}

extension StoredBFloat16 {
    init?(holding value: Double) {
        self.init(nearest: value)
        if computed.isInfinite, value.isFinite { return nil }
    }
}
