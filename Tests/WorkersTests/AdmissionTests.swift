import Testing
import Workers

@Suite struct AdmissionTests {
    @Test func `an admitted job is told to proceed`() throws {
        let workers = Workers(width: 1, queueLimit: 1)
        let verdicts = Recorder<Workers.Verdict>()
        try workers.submit { verdicts.append($0) }
        #expect(workers.finish(within: .seconds(60)))
        #expect(verdicts.elements == [.proceed])
    }

    @Test func `a full queue rejects at once and never calls the job`() throws {
        let workers = Workers(width: 1, queueLimit: 2)
        let door = Gate()
        let calls = Recorder<Int>()
        try workers.submit { _ in
            door.pass()
            calls.append(0)
        }
        try workers.submit { _ in calls.append(1) }
        try workers.submit { _ in calls.append(2) }
        #expect(throws: Workers.Rejection.queueFull(limit: 2)) {
            try workers.submit { _ in calls.append(3) }
        }
        #expect(workers.statistics.waiting == 2)
        #expect(workers.statistics.busy == 1)
        door.open()
        #expect(workers.finish(within: .seconds(60)))
        #expect(calls.elements == [0, 1, 2])
        #expect(workers.statistics.rejected == 1)
    }

    @Test func `without a queue a job is admitted while a worker is free`() throws {
        let workers = Workers(width: 1, queueLimit: 0)
        let door = Gate()
        try workers.submit { _ in door.pass() }
        #expect(throws: Workers.Rejection.queueFull(limit: 0)) { try workers.submit { _ in } }
        door.open()
        #expect(workers.finish(within: .seconds(60)))
        #expect(workers.statistics.completed == 1)
    }

    @Test func `a job whose deadline passed is told that it expired`() throws {
        let workers = Workers(width: 1, queueLimit: 2)
        let verdicts = Recorder<Workers.Verdict>()
        try workers.submit(deadline: .now) { verdicts.append($0) }
        try workers.submit(deadline: .now + .seconds(3600)) { verdicts.append($0) }
        #expect(workers.finish(within: .seconds(60)))
        #expect(verdicts.elements == [.expired, .proceed])
        #expect(workers.statistics.expired == 1)
        #expect(workers.statistics.completed == 1)
    }

    @Test func `a job may submit another`() throws {
        let workers = Workers(width: 1, queueLimit: 1)
        let calls = Recorder<String>()
        let inner = Gate()
        try workers.submit { _ in
            calls.append("outer")
            try? workers.submit { _ in
                calls.append("inner")
                inner.open()
            }
        }
        inner.pass()
        #expect(workers.finish(within: .seconds(60)))
        #expect(calls.elements == ["outer", "inner"])
    }

    @Test func `what a job captured is let go as soon as it is done`() throws {
        final class Witness: Sendable {}
        let workers = Workers(width: 1, queueLimit: 1)
        var witness: Witness? = Witness()
        weak let remains = witness
        try workers.submit { [witness] _ in _ = witness }
        witness = nil
        // The same worker takes the second job straight after the first, so the first must be gone by then.
        let second = Gate()
        let door = Gate()
        try workers.submit { _ in
            second.open()
            door.pass()
        }
        second.pass()
        #expect(remains == nil)
        door.open()
        workers.finish(within: .seconds(60))
    }
}
