import PoolingEngine
import RecycledMemory

/// Reads nested lists that are likely to have a known shape.
///
/// Where they have, no list has to be counted, and the memory is of the right size from the start. It never says what is
/// wrong: whatever it does not read is left to ``NestedArrayReader``.
struct ShapedArrayReader<Element: TensorElement> {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let shape: [Int]
    private let powers: PowersOfTen
    private var position: Int
    /// What is not filled yet.
    private var room: UnsafeMutableBufferPointer<Element>

    /// - Parameter position: where the lists start; afterwards, where they end.
    /// - Returns: nil where there are no lists of this shape with numbers of the usual form; `position` then stays.
    static func take(
        _ shape: [Int], from bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, _ powers: PowersOfTen
    ) -> Bytes? {
        guard let count = shape.checkedProduct,
            let storage = Bytes(allocating: count * MemoryLayout<Element>.stride, zeroed: false)
        else { return nil }
        let end = storage.withUnsafeMutableBytes { memory in
            var lists = Self(
                bytes: bytes, shape: shape, powers: powers, position: position,
                room: memory.bindMemory(to: Element.self))
            return lists.takeList(0) ? lists.position : nil
        }
        guard let end else { return nil }
        position = end
        return storage
    }

    private mutating func takeList(_ axis: Int) -> Bool {
        guard take(UInt8(ascii: "[")) else { return false }
        let length = shape[axis]
        if axis == shape.count - 1 {
            let run = PlainRun.take(
                into: UnsafeMutableBufferPointer(rebasing: room[..<length]), from: bytes, at: &position, powers)
            guard run.count == length, !run.endsWithComma else { return false }
            room = UnsafeMutableBufferPointer(rebasing: room[length...])
        } else {
            for index in 0..<length {
                guard index == 0 || take(UInt8(ascii: ",")), takeList(axis + 1) else { return false }
            }
        }
        return take(UInt8(ascii: "]"))
    }

    private mutating func take(_ character: UInt8) -> Bool {
        while position < bytes.count, JSONReader.isWhitespace(bytes[position]) { position += 1 }
        guard position < bytes.count, bytes[position] == character else { return false }
        position += 1
        return true
    }
}
