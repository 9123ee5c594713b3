import Glibc

/// What the kernel tells about this process.
struct ProcessStatistics: Sendable {
    let residentByteCount: Int
    let processorSeconds: Double
    let openDescriptorCount: Int

    init() {
        let pages = TextFile.read("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        residentByteCount = (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE))
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        openDescriptorCount = Self.countDescriptors()
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func countDescriptors() -> Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Not counted: `.`, `..`, and the descriptor that lists the directory.
        return max(0, count - 3)
    }
}
