import Glibc
import Synchronization
import Testing
import Workers

@Suite struct SliceTests {
    @Test(arguments: [0, 1, 2, 3, 100])
    func `each slice is run once`(_ count: Int) {
        let crew = WorkerCrew(width: 2, lineLimit: 0)
        let slices = Recorder<Int>()
        crew.run(count) { slices.append($0) }
        #expect(slices.elements.sorted() == Array(0..<count))
    }

    @Test func `an idle worker helps`() {
        let crew = WorkerCrew(width: 1, lineLimit: 0)
        let first = Gate()
        let second = Gate()
        // Each slice ends only when the other has begun, so two threads must be at work.
        crew.run(2) { slice in
            (slice == 0 ? first : second).open()
            (slice == 0 ? second : first).pass()
        }
        #expect(crew.finish(within: .seconds(60)))
    }

    @Test func `busy workers are not waited for`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 0)
        let door = Gate()
        try crew.submit { _ in door.pass() }
        let slices = Recorder<Int>()
        crew.run(10) { slices.append($0) }
        #expect(slices.elements == Array(0..<10))
        door.open()
        #expect(crew.finish(within: .seconds(60)))
    }

    @Test func `a helper leaves its slices for a job that waits in line`() {
        let crew = WorkerCrew(width: 1, lineLimit: 1)
        let events = Recorder<String>()
        let jobDone = Gate()
        let caller = pthread_self()
        crew.run(3) { _ in
            if pthread_equal(pthread_self(), caller) != 0 {
                if !events.elements.contains("job") { jobDone.pass() }
                events.append("slice of the caller")
            } else if events.elements.isEmpty {
                events.append("slice of the helper")
                try? crew.submit(lane: .heavy) { _ in
                    events.append("job")
                    jobDone.open()
                }
            } else {
                events.append("later slice of the helper")
            }
        }
        #expect(events.elements.prefix(2) == ["slice of the helper", "job"])
        #expect(events.elements.count == 4)
        #expect(crew.finish(within: .seconds(60)))
    }

    @Test func `slices may be cut into slices`() {
        let crew = WorkerCrew(width: 2, lineLimit: 0)
        let total = Mutex(0)
        crew.run(8) { outer in
            crew.run(8) { inner in
                total.withLock { $0 += outer * 8 + inner }
            }
        }
        #expect(total.withLock { $0 } == (0..<64).reduce(0, +))
    }

    @Test func `slices still run after the crew was closed`() {
        let crew = WorkerCrew(width: 1, lineLimit: 0)
        crew.close()
        let slices = Recorder<Int>()
        crew.run(3) { slices.append($0) }
        #expect(slices.elements.sorted() == [0, 1, 2])
    }
}
