import Dispatch
import Synchronization
import Testing
import Workers

@Suite struct WorkerStressTests {
    @Test func `many threads submit many jobs and each admitted one is called once`() {
        let workers = Workers(width: 2, queueLimit: 64)
        let threads = 4
        let attempts = 75_000
        let called = Mutex(0)
        let admitted = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for attempt in 0..<attempts {
                let lane = attempt % 5 == 0 ? Workers.Lane.heavy : .light
                let deadline = attempt % 7 == 0 ? ContinuousClock.now : nil
                do {
                    try workers.submit(deadline: deadline, lane: lane) { _ in called.withLock { $0 += 1 } }
                    admitted.withLock { $0 += 1 }
                } catch {
                    // Rejected, and so not counted.
                }
            }
        }
        #expect(workers.finish(within: .seconds(300)))
        let statistics = workers.statistics
        #expect(called.withLock { $0 } == admitted.withLock { $0 })
        #expect(statistics.admitted == statistics.completed + statistics.expired)
        #expect(statistics.admitted + statistics.rejected == UInt64(threads * attempts))
        #expect(statistics.busy == 0 && statistics.waiting == 0)
    }

    @Test func `slices, jobs and nested slices mix from many threads`() {
        let workers = Workers(width: 3, queueLimit: 16)
        let slices = Atomic(0)
        let rounds = 2_000
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for round in 0..<rounds {
                try? workers.submit(lane: .heavy) { _ in workers.run(3) { _ in slices.add(0, ordering: .relaxed) } }
                workers.run(4) { slice in
                    guard round % 10 == 0, slice == 0 else {
                        slices.add(1, ordering: .relaxed)
                        return
                    }
                    workers.run(4) { _ in slices.add(1, ordering: .relaxed) }
                }
            }
        }
        #expect(workers.finish(within: .seconds(300)))
        #expect(slices.load(ordering: .relaxed) == 4 * (rounds * 4 + rounds / 10 * 3))
    }

    @Test func `closing amid submissions calls each admitted job once`() {
        for _ in 0..<200 {
            let workers = Workers(width: 2, queueLimit: 32)
            let called = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: 3) { thread in
                guard thread > 0 else { return workers.close() }
                for _ in 0..<100 { try? workers.submit { _ in called.add(1, ordering: .relaxed) } }
            }
            #expect(workers.finish(within: .seconds(60)))
            #expect(UInt64(called.load(ordering: .relaxed)) == workers.statistics.admitted)
        }
    }
}
