package import PoolingEngine

extension TensorStorage {
    private final class Room: Sendable {
        let bytes: [UInt8]
        init(byteCount: Int) { bytes = [UInt8](repeating: 0, count: byteCount) }
    }

    /// A copy of `text`, which is aligned.
    package convenience init(copying text: some Collection<UInt8>) {
        let room = Room(byteCount: text.count + Self.alignment)
        // An array's bytes stay where they are as long as somebody holds the array and nobody changes it.
        let all = room.bytes.withUnsafeBytes { $0 }
        let start = all.baseAddress.map {
            UnsafeMutableRawPointer(mutating: $0.alignedUp(toMultipleOf: Self.alignment))
        }
        let bytes = UnsafeMutableRawBufferPointer(start: start, count: text.count)
        bytes.copyBytes(from: text)
        self.init(viewing: UnsafeRawBufferPointer(bytes), owner: room)
    }
}
