import Glibc
import Synchronization
import Testing
import Workers

@Suite struct SliceTests {
    @Test(arguments: [0, 1, 2, 3, 100])
    func `each slice is run once`(_ count: Int) {
        let workers = Workers(width: 2, queueLimit: 0)
        let slices = Recorder<Int>()
        workers.run(count) { slices.append($0) }
        #expect(slices.elements.sorted() == Array(0..<count))
    }

    @Test func `an idle worker helps`() {
        let workers = Workers(width: 1, queueLimit: 0)
        let first = Gate()
        let second = Gate()
        // Each slice ends only when the other has begun, so two threads must be at work.
        workers.run(2) { slice in
            (slice == 0 ? first : second).open()
            (slice == 0 ? second : first).pass()
        }
        #expect(workers.finish(within: .seconds(60)))
    }

    @Test func `busy workers are not waited for`() throws {
        let workers = Workers(width: 1, queueLimit: 0)
        let door = Gate()
        try workers.submit { _ in door.pass() }
        let slices = Recorder<Int>()
        workers.run(10) { slices.append($0) }
        #expect(slices.elements == Array(0..<10))
        door.open()
        #expect(workers.finish(within: .seconds(60)))
    }

    @Test func `a helper leaves its slices for a job that is queued`() {
        let workers = Workers(width: 1, queueLimit: 1)
        let events = Recorder<String>()
        let jobDone = Gate()
        let caller = pthread_self()
        workers.run(3) { _ in
            if pthread_equal(pthread_self(), caller) != 0 {
                if !events.elements.contains("job") { jobDone.pass() }
                events.append("slice of the caller")
            } else if events.elements.isEmpty {
                events.append("slice of the helper")
                try? workers.submit(lane: .heavy) { _ in
                    events.append("job")
                    jobDone.open()
                }
            } else {
                events.append("later slice of the helper")
            }
        }
        #expect(events.elements.prefix(2) == ["slice of the helper", "job"])
        #expect(events.elements.count == 4)
        #expect(workers.finish(within: .seconds(60)))
    }

    @Test func `slices may be cut into slices`() {
        let workers = Workers(width: 2, queueLimit: 0)
        let total = Mutex(0)
        workers.run(8) { outer in
            workers.run(8) { inner in
                total.withLock { $0 += outer * 8 + inner }
            }
        }
        #expect(total.withLock { $0 } == (0..<64).reduce(0, +))
    }

    @Test func `slices still run after the workers were closed`() {
        let workers = Workers(width: 1, queueLimit: 0)
        workers.close()
        let slices = Recorder<Int>()
        workers.run(3) { slices.append($0) }
        #expect(slices.elements.sorted() == [0, 1, 2])
    }
}
