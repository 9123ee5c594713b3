import CMalloc
import Glibc

/// Thrift with addresses where the process may not have many (`ulimit -v`).
///
/// By default each thread takes 8 MiB of them for its stack and up to 64 MiB for an arena of the allocator, whether or not
/// they are used; under a small limit no thread could be started after a few.
package enum AddressSpace {
    private static let stackByteCount = 1 << 20
    private static let arenaByteCount = 64 << 20
    /// Arenas may take this part of the limit.
    private static let arenaShare = 8

    /// Call it before any thread is started.
    package static func limitWhatThreadsTake() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
            return
        }
        mallopt(M_ARENA_MAX, Int32(clamping: max(1, Int(clamping: limit.rlim_cur) / arenaShare / arenaByteCount)))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackByteCount)
        _ = pthread_setattr_default_np(&attributes)
        pthread_attr_destroy(&attributes)
    }
}
