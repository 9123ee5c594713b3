import Glibc

/// What the machine, or the container, has to offer.
enum Machine {
    static let processorCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// Physical memory, or the container's limit where that is less.
    static let memoryByteCount: Int = {
        let physical = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        let limit = TextFile.read("/sys/fs/cgroup/memory.max").flatMap { Int($0.prefix { $0.isNumber }) }
        return min(physical, limit ?? physical)
    }()
}
