import Testing
import Workers

@Suite struct ClosingTests {
    @Test func `closing abandons the queue, lets the running job end and rejects new ones`() throws {
        let workers = Workers(width: 1, queueLimit: 4)
        let door = Gate()
        let verdicts = Recorder<Workers.Verdict>()
        let ended = Gate()
        try workers.submit { verdict in
            door.pass()
            verdicts.append(verdict)
            ended.open()
        }
        for _ in 0..<2 { try workers.submit { verdicts.append($0) } }
        workers.close()
        #expect(verdicts.elements == [.abandoned, .abandoned])
        #expect(throws: Workers.Rejection.closing) { try workers.submit { _ in } }
        door.open()
        ended.pass()
        #expect(verdicts.elements == [.abandoned, .abandoned, .proceed])
        #expect(workers.statistics.abandoned == 2)
    }

    @Test func `finishing completes the queue`() throws {
        let workers = Workers(width: 2, queueLimit: 100)
        let verdicts = Recorder<Workers.Verdict>()
        for _ in 0..<50 { try workers.submit { verdicts.append($0) } }
        #expect(workers.finish(within: .seconds(60)))
        #expect(verdicts.elements == Array(repeating: .proceed, count: 50))
        #expect(throws: Workers.Rejection.closing) { try workers.submit { _ in } }
    }

    @Test func `finishing out of time abandons what still waits`() throws {
        let workers = Workers(width: 1, queueLimit: 4)
        let door = Gate()
        let verdicts = Recorder<Workers.Verdict>()
        try workers.submit { _ in door.pass() }
        try workers.submit { verdicts.append($0) }
        #expect(!workers.finish(within: .zero))
        #expect(verdicts.elements == [.abandoned])
        door.open()
        #expect(workers.finish(within: .seconds(60)))
    }

    @Test func `finishing may be given all the time there is`() throws {
        let workers = Workers(width: 1, queueLimit: 1)
        try workers.submit { _ in }
        #expect(workers.finish(within: .seconds(Int64.max)))
    }

    @Test func `finishing an idle workers returns at once, and again`() {
        let workers = Workers(width: 3, queueLimit: 4)
        #expect(workers.finish(within: .zero))
        #expect(workers.finish(within: .zero))
        #expect(workers.statistics.busy == 0)
    }
}
