/// A number as a request wrote it: its nearest `Double`, and its exact value where that is a whole number.
///
/// Equal are numbers that are the same to the last bit: -0 is not 0, and NaN is NaN.
package struct FieldNumber: Hashable, Sendable {
    package let value: Double
    /// The exact value when it is whole and within ±2^64 (`1.0` and `1e2` are whole), else nil.
    package let whole: Int128?

    package init(value: Double, whole: Int128?) {
        self.value = value
        self.whole = whole
    }

    package init(_ whole: Int) {
        self.init(value: Double(whole), whole: Int128(whole))
    }

    package static func == (one: FieldNumber, other: FieldNumber) -> Bool {
        one.value.bitPattern == other.value.bitPattern && one.whole == other.whole
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(value.bitPattern) }
}
