import Testing
import Workers

@Suite struct SweepTests {
    /// Submits a job behind one that holds the only worker, and waits until it is told something.
    private func verdict(
        deadline: ContinuousClock.Instant? = nil, isUnwanted: (@Sendable () -> Bool)? = nil
    ) throws -> (WorkerCrew.Verdict, CrewStatistics) {
        let crew = WorkerCrew(width: 1, lineLimit: 1)
        let (door, told) = (Gate(), Gate())
        let verdicts = Recorder<WorkerCrew.Verdict>()
        try crew.submit { _ in door.pass() }
        try crew.submit(deadline: deadline, isUnwanted: isUnwanted) { verdict in
            verdicts.append(verdict)
            told.open()
        }
        told.pass()
        let statistics = crew.statistics
        // Its place in line is free again.
        try crew.submit { _ in }
        door.open()
        #expect(crew.finish(within: .seconds(60)))
        return (try #require(verdicts.elements.first), statistics)
    }

    @Test func `a job whose deadline passes in line is told so before its turn`() throws {
        let (verdict, statistics) = try verdict(deadline: .now + .milliseconds(20))
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
        let crew = WorkerCrew(width: 1, lineLimit: 1)
        let (door, asked) = (Gate(), Gate())
        let verdicts = Recorder<WorkerCrew.Verdict>()
        try crew.submit { _ in door.pass() }
        try crew.submit(
            deadline: .now + .seconds(3600),
            isUnwanted: {
                asked.open()
                return false
            }
        ) { verdicts.append($0) }
        asked.pass()
        asked.pass()
        #expect(crew.statistics.waiting == 1)
        door.open()
        #expect(crew.finish(within: .seconds(60)))
        #expect(verdicts.elements == [.proceed])
    }
}
