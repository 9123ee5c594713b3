import CVectors

/// A 16-bit IEEE number as its bit pattern, so that it is at home on processors without the type.
package struct StoredFloat16: StoredElement, BitwiseCopyable, Sendable {
    package let bits: UInt16

    package init(bits: UInt16) { self.bits = bits }

    /// Rounds once, to nearest even.
    package init(nearest value: Double) { bits = Float16(value).bitPattern }

    static var waitsForOthers: Bool { true }
    @inline(__always) var computed: Float { Float(Float16(bitPattern: bits)) }
    @inline(__always) init(nearest value: Float) { bits = Float16(value).bitPattern }
    @inline(__always) init?(rounding computed: Float) { self.init(nearest: computed) }

    @inline(__always)
    static func compute(_ elements: UnsafePointer<Self>, count: Int, to cells: UnsafeMutablePointer<Float>) {
        cvectors_read_float16(elements, cells, count)
    }

    @inline(__always)
    static func round(_ cells: UnsafePointer<Float>, count: Int, to elements: UnsafeMutablePointer<Self>) {
        cvectors_write_float16(cells, elements, count)
    }
}
