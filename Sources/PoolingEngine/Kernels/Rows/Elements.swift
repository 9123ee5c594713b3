/// Elements of a tensor, of a type that only a ``RowFormat`` knows.
struct Elements {
    private let address: UnsafeRawPointer
    private let size: Int

    /// - Parameter size: bytes of an element.
    init(address: UnsafeRawPointer, size: Int) { (self.address, self.size) = (address, size) }

    @inline(__always)
    static func + (elements: Elements, count: Int) -> Elements {
        Elements(address: elements.address + count &* elements.size, size: elements.size)
    }

    /// Whether there are `count` elements before `end`.
    ///
    /// Bytes are compared, because a division takes as long as some rows.
    @inline(__always)
    func has(_ count: Int, before end: Elements) -> Bool { end.address - address >= count &* size }

    @inline(__always)
    func bound<Value>(to type: Value.Type) -> UnsafePointer<Value> { address.assumingMemoryBound(to: Value.self) }
}
