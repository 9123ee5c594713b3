import PoolingEngine
import RecycledMemory
import Testing

@Suite struct TensorStorageTests {
    @Test func `storage of any size starts at a cache line`() {
        let boundary = MemoryRecycler.smallestByteCount
        for byteCount in Array(0..<200) + Array(boundary - 70...boundary + 2) {
            let storage = TensorStorage(byteCount: byteCount, zeroed: true)
            #expect(storage.byteCount == byteCount)
            storage.withUnsafeBytes { bytes in
                #expect(UInt(bitPattern: bytes.baseAddress) % UInt(TensorStorage.alignment) == 0)
                #expect(bytes.allSatisfy { $0 == 0 })
            }
        }
    }
}
