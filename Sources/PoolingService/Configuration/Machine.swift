import Glibc

/// What the machine, or the container, has to offer.
enum Machine {
    /// Processors, or the container's quota of them, rounded up, where that is less.
    static let processorCount: Int = {
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let allowed = TextFile.read("/sys/fs/cgroup/cpu.max").flatMap(quota)
        return max(1, min(processors, allowed ?? processors))
    }()

    /// Reads `150000 100000` (time in a period) as two processors; `max 100000` sets no limit.
    static func quota(_ text: String) -> Int? {
        let fields = text.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
        guard fields.count == 2, fields[0] > 0, fields[1] > 0 else { return nil }
        return (fields[0] - 1) / fields[1] + 1
    }
}
