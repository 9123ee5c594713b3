import CPNGSupport
import PoolingEngine
import RecycledMemory

/// What libpng gets from its caller: memory on the request's account, a place to write to, and word of when to stop.
final class PNGHost {
    private let workspace: Workspace
    /// The first thing that went wrong here; libpng itself only knows that something did.
    private(set) var failure: WireError?
    private var rows: ByteRows

    /// In front of each piece of memory: the block that it belongs to.
    private static let headerByteCount = MemoryRecycler.alignment

    init(expecting byteCount: Int = 0, in workspace: Workspace) {
        self.workspace = workspace
        rows = ByteRows(expecting: byteCount, in: workspace)
    }

    /// What was written.
    func finish() -> [Bytes] { rows.finish() }

    /// For C; good as long as this object lives.
    var callbacks: cpng_host {
        cpng_host(
            context: Unmanaged.passUnretained(self).toOpaque(),
            take: { context, count in PNGHost.of(context).take(count) },
            give: { _, memory in PNGHost.give(memory) },
            is_stopped: { context in PNGHost.of(context).workspace.isStopped },
            write: { context, bytes, count in
                PNGHost.of(context).write(UnsafeRawBufferPointer(start: bytes, count: count))
            })
    }

    private static func of(_ context: UnsafeMutableRawPointer) -> PNGHost {
        Unmanaged<PNGHost>.fromOpaque(context).takeUnretainedValue()
    }

    private func take(_ count: Int) -> UnsafeMutableRawPointer? {
        do throws(WireError) {
            let (size, overflow) = count.addingReportingOverflow(Self.headerByteCount)
            guard !overflow else { throw .memory(.system) }
            let block = try workspace.block(size)
            // libpng keeps the memory until it gives it back; until then the block is retained for it.
            return block.withUnsafeMutableBytes { bytes in
                bytes.storeBytes(of: Unmanaged.passRetained(block).toOpaque(), as: UnsafeMutableRawPointer.self)
                return bytes.baseAddress.map { $0 + Self.headerByteCount }
            }
        } catch {
            failure = failure ?? error
            return nil
        }
    }

    private static func give(_ memory: UnsafeMutableRawPointer) {
        let block = (memory - headerByteCount).load(as: UnsafeMutableRawPointer.self)
        Unmanaged<MemoryBlock>.fromOpaque(block).release()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do throws(WireError) {
            try rows.append(bytes)
            return true
        } catch {
            failure = failure ?? error
            return false
        }
    }
}
