package import PoolingEngine

/// Whether a result agrees with the oracle's, within what rounding explains.
package enum Agreement {
    /// Describes the first element that is too far away; nil where all agree.
    ///
    /// Selected elements have a scale of 0 and must be the same, the sign of a zero included. Otherwise `terms` roundings
    /// of at most half a unit in the last place add up, each measured against the scale; 32 more cover functions such as
    /// exp and pow, whose implementations differ in their last bits. The 16-bit types compute in float32 and round once,
    /// by half a unit of their own.
    package static func difference(
        _ got: Tensor, _ want: Oracle.Values, terms: Int, isExact: Bool = false
    ) -> String? {
        guard got.shape == want.shape else { return "shape \(got.shape), expected \(want.shape)" }
        let type = got.elementType
        let roundings = Double(4 * terms + 32)
        for (index, value) in got.realElements.enumerated() {
            let expected = type.rounded(want.values[index])
            if isExact ? same(value, expected) : value == expected || (value.isNaN && expected.isNaN) { continue }
            let bound = want.scales[index] * roundings * type.computedUnit + expected.magnitude * type.storedUnit
            if !isExact, (value - expected).magnitude <= bound + type.smallest { continue }
            return "element \(index): \(value), expected \(expected)"
        }
        return nil
    }

    private static func same(_ left: Double, _ right: Double) -> Bool {
        left.isNaN && right.isNaN || left == right && left.sign == right.sign
    }
}

extension ElementType {
    /// `value` as this type stores it.
    package func rounded(_ value: Double) -> Double {
        switch self {
        case .float32: Double(Float(value))
        case .float16: FloatBits.float16.decode(FloatBits.float16.encode(value))
        case .bfloat16: FloatBits.bfloat16.decode(FloatBits.bfloat16.encode(value))
        default: value
        }
    }

    /// Half a unit in the last place of 1, in the type that computes.
    fileprivate var computedUnit: Double { self == .float64 ? 0x1p-53 : 0x1p-24 }

    /// A unit in the last place of 1, in the type that stores.
    fileprivate var storedUnit: Double {
        switch self {
        case .float64: 0x1p-52
        case .float32: 0x1p-23
        case .float16: 0x1p-10
        default: 0x1p-7
        }
    }

    /// The smallest step, which bounds what an underflow loses.
    fileprivate var smallest: Double {
        switch self {
        case .float64: .leastNonzeroMagnitude
        case .float16: 0x1p-24
        default: 0x1p-133
        }
    }
}
