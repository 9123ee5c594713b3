import Glibc

/// How much memory the process may have, and the limit that sets this.
package struct MemoryLimit: Hashable, Sendable {
    package let byteCount: Int
    /// What sets it, for people.
    package let origin: String

    /// The memory of the process without requests: its program, threads and connections.
    private static let reserve = 48 << 20
    private static let least = 8 << 20

    /// The tightest of physical memory, the container's limits and the process's own limits, at the first look.
    package static let current = tightest(
        [physical] + ControlGroups.memoryLimits(read: TextFile.read)
            + [
                processLimit(RLIMIT_AS, "RLIMIT_AS", used: "VmSize"),
                processLimit(RLIMIT_DATA, "RLIMIT_DATA", used: "VmData"),
            ].compactMap { $0 })

    /// Half of it: estimates are not exact, and freed memory does not all come back at once.
    package var budget: Int { byteCount / 2 }

    static func tightest(_ limits: [MemoryLimit]) -> MemoryLimit {
        limits.min { $0.byteCount < $1.byteCount } ?? physical
    }

    private static var physical: MemoryLimit {
        MemoryLimit(
            byteCount: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), origin: "physical memory")
    }

    private static func processLimit(_ resource: __rlimit_resource, _ name: String, used field: String) -> MemoryLimit?
    {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
            let status = TextFile.read("/proc/self/status"), let used = byteCount(of: field, in: status)
        else { return nil }
        return left(of: Int(clamping: limit.rlim_cur), used: used, origin: name)
    }

    /// What a limit on the whole process leaves for requests.
    static func left(of limit: Int, used: Int, origin: String) -> MemoryLimit {
        let (free, overflow) = limit.subtractingReportingOverflow(used + reserve)
        return MemoryLimit(byteCount: max(overflow ? 0 : free, least), origin: origin)
    }

    /// Reads a line such as `VmSize:   465660 kB`.
    static func byteCount(of field: String, in status: String) -> Int? {
        for line in status.split(separator: "\n") where line.hasPrefix(field + ":") {
            return line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
        }
        return nil
    }
}
