import Testing

@testable import PoolingService

@Suite struct MachineTests {
    @Test(arguments: [
        ("100000 100000\n", 1), ("150000 100000\n", 2), ("200000 100000", 2), ("50000 100000\n", 1), ("1 100000\n", 1),
        ("800000 100000\n", 8),
    ])
    func `a container's share of processors is rounded up`(_ text: String, _ processors: Int) {
        #expect(Machine.quota(text) == processors)
    }

    @Test(arguments: ["max 100000\n", "", "100000", "0 100000", "-1 100000", "100000 0", "a b", "1 2 3"])
    func `what sets no limit, or none that makes sense, is none`(_ text: String) {
        #expect(Machine.quota(text) == nil)
    }

    @Test func `a machine has a processor and memory`() {
        #expect(Machine.processorCount >= 1)
        #expect(MemoryLimit.current.byteCount > 1 << 20)
    }

    @Test(
        arguments: [
            (["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "1000\n"], [1000]),
            (
                [
                    "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n",
                    "/sys/fs/cgroup/memory.high": "5",
                ], [5]
            ),
            (
                [
                    "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "30",
                    "/sys/fs/cgroup/a/memory.high": "20",
                ], [20, 30]
            ),
            (
                [
                    "/proc/self/cgroup": "3:cpu,cpuacct:/\n4:memory:/a\n0::/\n",
                    "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "7",
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
                ], [7, 9_223_372_036_854_771_712]
            ),
            (["/proc/self/cgroup": "0::/\n"], []), (["/proc/self/cgroup": "nonsense"], []), ([:], []),
        ] as [([String: String], [Int])])
    func `every control group that the process is in sets a limit`(_ files: [String: String], _ limits: [Int]) {
        #expect(ControlGroups.memoryLimits { files[$0] }.map(\.byteCount).sorted() == limits)
    }

    @Test func `the tightest limit counts, and what the process takes itself is not for requests`() {
        let limits = [
            MemoryLimit(byteCount: 100, origin: "a"), MemoryLimit(byteCount: 50, origin: "b"),
            MemoryLimit(byteCount: 70, origin: "c"),
        ]
        #expect(MemoryLimit.tightest(limits).origin == "b")
        #expect(MemoryLimit.left(of: 1 << 30, used: 100 << 20, origin: "").byteCount < 924 << 20)
        #expect(MemoryLimit.left(of: 1 << 20, used: 100 << 20, origin: "").byteCount > 0)
        #expect(MemoryLimit.left(of: .min, used: .max - (48 << 20), origin: "").byteCount > 0)
    }

    @Test func `a line of the process's status is read`() {
        #expect(MemoryLimit.byteCount(of: "VmSize", in: "Name:\tx\nVmSize:\t  465660 kB\nVmRSS: 1 kB") == 465_660 << 10)
        #expect(MemoryLimit.byteCount(of: "VmSize", in: "VmSize:") == nil)
    }
}
