import CVectors

/// The upper half of a `Float`.
package struct StoredBFloat16: StoredElement, BitwiseCopyable, Sendable {
    package let bits: UInt16

    package init(bits: UInt16) { self.bits = bits }

    /// Rounds once, to nearest even.
    package init(nearest value: Double) { self.init(nearest: Float(roundingToOdd: value)) }

    @inline(__always) var computed: Float { cvectors_from_bfloat16(bits) }

    @inline(__always) init?(rounding computed: Float) { self.init(nearest: computed) }

    @inline(__always) init(nearest value: Float) { bits = cvectors_to_bfloat16(value) }

    @inline(__always)
    static func compute(_ elements: UnsafePointer<Self>, count: Int, to cells: UnsafeMutablePointer<Float>) {
        cvectors_read_bfloat16(elements, cells, count)
    }

    @inline(__always)
    static func round(_ cells: UnsafePointer<Float>, count: Int, to elements: UnsafeMutablePointer<Self>) {
        cvectors_write_bfloat16(cells, elements, count)
    }
}
