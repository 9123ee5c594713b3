import Glibc

/// What the kernel tells about this process.
struct ProcessStatistics: Sendable {
    let residentByteCount: Int
    let processorSeconds: Double
    let openDescriptorCount: Int
    let descriptorLimit: Int
    let threadCount: Int

    init() {
        let pages = TextFile.read("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        residentByteCount = (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE))
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        openDescriptorCount = Self.entryCount(of: "/proc/self/fd")
        threadCount = Self.entryCount(of: "/proc/self/task")
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        descriptorLimit = Int(clamping: limit.rlim_cur)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func entryCount(of path: String) -> Int {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count
    }
}
