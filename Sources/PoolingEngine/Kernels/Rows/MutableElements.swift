/// Elements of a tensor that is written.
struct MutableElements {
    private let address: UnsafeMutableRawPointer
    private let size: Int

    /// - Parameter size: bytes of an element.
    init(address: UnsafeMutableRawPointer, size: Int) { (self.address, self.size) = (address, size) }

    @inline(__always)
    static func + (elements: MutableElements, count: Int) -> MutableElements {
        MutableElements(address: elements.address + count &* elements.size, size: elements.size)
    }

    @inline(__always)
    func bound<Value>(to type: Value.Type) -> UnsafeMutablePointer<Value> {
        address.assumingMemoryBound(to: Value.self)
    }
}
