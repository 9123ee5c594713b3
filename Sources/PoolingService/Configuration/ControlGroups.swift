/// The memory limits of the control groups that the process is in, of both versions.
enum ControlGroups {
    private static let root = "/sys/fs/cgroup"

    /// - Parameter read: the text of a file; nil where there is none.
    static func memoryLimits(read: (String) -> String?) -> [MemoryLimit] {
        guard let groups = read("/proc/self/cgroup") else { return [] }
        return groups.split(separator: "\n").flatMap { line -> [MemoryLimit] in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { return [] }
            if fields[0] == "0", fields[1].isEmpty {
                return limits(below: root, fields[2], files: ["memory.max", "memory.high"], read)
            }
            guard fields[1].split(separator: ",").contains("memory") else { return [] }
            return limits(below: root + "/memory", fields[2], files: ["memory.limit_in_bytes"], read)
        }
    }

    /// Every group on the way up sets a limit; a container may see only the top of its own.
    private static func limits(
        below top: String, _ path: String, files: [String], _ read: (String) -> String?
    ) -> [MemoryLimit] {
        var parts = path.split(separator: "/").map(String.init)
        var found: [MemoryLimit] = []
        while true {
            let directory = ([top] + parts).joined(separator: "/")
            for file in files {
                // `max` is no limit, and the first version writes none as a number beyond all memory.
                if let text = read("\(directory)/\(file)"), let limit = Int(text.prefix { $0.isNumber }), limit > 0 {
                    found.append(MemoryLimit(byteCount: limit, origin: "the control group's \(file)"))
                }
            }
            if parts.isEmpty { return found }
            parts.removeLast()
        }
    }
}
