import Testing
import Workers

@Suite struct AdmissionTests {
    @Test func `an admitted job is told to proceed`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 1)
        let verdicts = Recorder<WorkerCrew.Verdict>()
        try crew.submit { verdicts.append($0) }
        #expect(crew.finish(within: .seconds(60)))
        #expect(verdicts.elements == [.proceed])
    }

    @Test func `a full line refuses at once and never calls the job`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 2)
        let door = Gate()
        let calls = Recorder<Int>()
        try crew.submit { _ in
            door.pass()
            calls.append(0)
        }
        try crew.submit { _ in calls.append(1) }
        try crew.submit { _ in calls.append(2) }
        #expect(throws: WorkerCrew.Refusal.lineFull(limit: 2)) {
            try crew.submit { _ in calls.append(3) }
        }
        #expect(crew.statistics.waiting == 2)
        #expect(crew.statistics.busy == 1)
        door.open()
        #expect(crew.finish(within: .seconds(60)))
        #expect(calls.elements == [0, 1, 2])
        #expect(crew.statistics.refused == 1)
    }

    @Test func `without a line a job is admitted while a worker is free`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 0)
        let door = Gate()
        try crew.submit { _ in door.pass() }
        #expect(throws: WorkerCrew.Refusal.lineFull(limit: 0)) { try crew.submit { _ in } }
        door.open()
        #expect(crew.finish(within: .seconds(60)))
        #expect(crew.statistics.completed == 1)
    }

    @Test func `a job whose deadline passed is told that it expired`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 2)
        let verdicts = Recorder<WorkerCrew.Verdict>()
        try crew.submit(deadline: .now) { verdicts.append($0) }
        try crew.submit(deadline: .now + .seconds(3600)) { verdicts.append($0) }
        #expect(crew.finish(within: .seconds(60)))
        #expect(verdicts.elements == [.expired, .proceed])
        #expect(crew.statistics.expired == 1)
        #expect(crew.statistics.completed == 1)
    }

    @Test func `a job may submit another`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 1)
        let calls = Recorder<String>()
        let inner = Gate()
        try crew.submit { _ in
            calls.append("outer")
            try? crew.submit { _ in
                calls.append("inner")
                inner.open()
            }
        }
        inner.pass()
        #expect(crew.finish(within: .seconds(60)))
        #expect(calls.elements == ["outer", "inner"])
    }

    @Test func `what a job captured is let go as soon as it is done`() throws {
        final class Witness: Sendable {}
        let crew = WorkerCrew(width: 1, lineLimit: 1)
        var witness: Witness? = Witness()
        weak let remains = witness
        try crew.submit { [witness] _ in _ = witness }
        witness = nil
        // The same worker takes the second job straight after the first, so the first must be gone by then.
        let second = Gate()
        let door = Gate()
        try crew.submit { _ in
            second.open()
            door.pass()
        }
        second.pass()
        #expect(remains == nil)
        door.open()
        crew.finish(within: .seconds(60))
    }
}
