import Testing
import Workers

@Suite struct SweepTests {
    /// Submits a job behind one that holds the only worker, and waits until it is told something.
    private func verdict(
        deadline: ContinuousClock.Instant? = nil, isUnwanted: (@Sendable () -> Bool)? = nil
    ) throws -> (Workers.Verdict, WorkerStatistics) {
        let workers = Workers(width: 1, queueLimit: 1)
        let (door, told) = (Gate(), Gate())
        let verdicts = Recorder<Workers.Verdict>()
        try workers.submit { _ in door.pass() }
        try workers.submit(deadline: deadline, isUnwanted: isUnwanted) { verdict in
            verdicts.append(verdict)
            told.open()
        }
        told.pass()
        let statistics = workers.statistics
        // Its place in the queue is free again.
        try workers.submit { _ in }
        door.open()
        #expect(workers.finish(within: .seconds(60)))
        return (try #require(verdicts.elements.first), statistics)
    }

    @Test func `a job whose deadline has passed in the queue is told so before its turn`() throws {
        let (verdict, statistics) = try verdict(deadline: .now)
        #expect(verdict == .expired)
        #expect(statistics.waiting == 0)
        #expect(statistics.expired == 1)
    }

    @Test func `a job that nobody wants any more is told so before its turn`() throws {
        let (verdict, statistics) = try verdict(isUnwanted: { true })
        #expect(verdict == .unwanted)
        #expect(statistics.waiting == 0)
        #expect(statistics.unwanted == 1)
    }

    @Test func `a job that is wanted waits for its turn`() throws {
        let workers = Workers(width: 1, queueLimit: 1)
        let (door, asked) = (Gate(), Gate())
        let verdicts = Recorder<Workers.Verdict>()
        try workers.submit { _ in door.pass() }
        try workers.submit(
            deadline: .now + .seconds(3600),
            isUnwanted: {
                asked.open()
                return false
            }
        ) { verdicts.append($0) }
        asked.pass()
        asked.pass()
        #expect(workers.statistics.waiting == 1)
        door.open()
        #expect(workers.finish(within: .seconds(60)))
        #expect(verdicts.elements == [.proceed])
    }
}
