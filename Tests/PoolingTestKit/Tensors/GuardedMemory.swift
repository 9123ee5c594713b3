import Glibc
package import PoolingEngine
import RecycledMemory

/// Memory whose end is the end of a page, behind which nothing may be read or written.
package final class GuardedMemory: @unchecked Sendable {
    // @unchecked Sendable because the bytes are written before anybody else knows of them.
    private let start: UnsafeMutableRawPointer
    private let length: Int
    private let bytes: UnsafeMutableRawBufferPointer

    private init(copying source: UnsafeRawBufferPointer) {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let used = (source.count + page - 1) / page * page
        length = used + page
        guard let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED, mprotect(start + used, page, PROT_NONE) == 0
        else { preconditionFailure("no memory can be guarded") }
        self.start = start
        bytes = UnsafeMutableRawBufferPointer(start: start + used - source.count, count: source.count)
        bytes.copyMemory(from: source)
    }

    deinit { munmap(start, length) }

    /// The same tensor, its last element at the end of a page.
    package static func holding(_ tensor: Tensor) -> Tensor {
        let memory = tensor.storage.withUnsafeBytes { GuardedMemory(copying: $0) }
        let storage = Bytes(viewing: UnsafeRawBufferPointer(memory.bytes), owner: memory)
        return Tensor(elementType: tensor.elementType, shape: tensor.shape, storage: storage)
    }
}
