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
        #expect(Machine.memoryByteCount > 1 << 20)
    }
}
