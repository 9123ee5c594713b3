import Testing
import Workers

@Suite struct ClosingTests {
    @Test func `closing abandons the line, lets the running job end and refuses new ones`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 4)
        let door = Gate()
        let verdicts = Recorder<WorkerCrew.Verdict>()
        let ended = Gate()
        try crew.submit { verdict in
            door.pass()
            verdicts.append(verdict)
            ended.open()
        }
        for _ in 0..<2 { try crew.submit { verdicts.append($0) } }
        crew.close()
        #expect(verdicts.elements == [.abandoned, .abandoned])
        #expect(throws: WorkerCrew.Refusal.closing) { try crew.submit { _ in } }
        door.open()
        ended.pass()
        #expect(verdicts.elements == [.abandoned, .abandoned, .proceed])
        #expect(crew.statistics.abandoned == 2)
    }

    @Test func `finishing completes the line`() throws {
        let crew = WorkerCrew(width: 2, lineLimit: 100)
        let verdicts = Recorder<WorkerCrew.Verdict>()
        for _ in 0..<50 { try crew.submit { verdicts.append($0) } }
        #expect(crew.finish(within: .seconds(60)))
        #expect(verdicts.elements == Array(repeating: .proceed, count: 50))
        #expect(throws: WorkerCrew.Refusal.closing) { try crew.submit { _ in } }
    }

    @Test func `finishing out of time abandons what still waits`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 4)
        let door = Gate()
        let verdicts = Recorder<WorkerCrew.Verdict>()
        try crew.submit { _ in door.pass() }
        try crew.submit { verdicts.append($0) }
        #expect(!crew.finish(within: .zero))
        #expect(verdicts.elements == [.abandoned])
        door.open()
        #expect(crew.finish(within: .seconds(60)))
    }

    @Test func `finishing may be given all the time there is`() throws {
        let crew = WorkerCrew(width: 1, lineLimit: 1)
        try crew.submit { _ in }
        #expect(crew.finish(within: .seconds(Int64.max)))
    }

    @Test func `finishing an idle crew returns at once, and again`() {
        let crew = WorkerCrew(width: 3, lineLimit: 4)
        #expect(crew.finish(within: .zero))
        #expect(crew.finish(within: .zero))
        #expect(crew.statistics.busy == 0)
    }
}
