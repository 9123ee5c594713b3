import Testing

@testable import Workers

@Suite struct JobLineTests {
    private func job(_ lane: WorkerCrew.Lane) -> CrewJob {
        CrewJob(lane: lane, deadline: nil) { _ in }
    }

    @Test func `lanes take turns while both have jobs`() {
        var line = JobLine()
        for lane in [WorkerCrew.Lane.heavy, .heavy, .heavy, .light, .light] { line.append(job(lane)) }
        #expect(line.removeAll().map(\.lane) == [.light, .heavy, .light, .heavy, .heavy])
        #expect(line.count == 0)
    }

    @Test func `a lane that may not start is passed over`() {
        var line = JobLine()
        for lane in [WorkerCrew.Lane.heavy, .light, .light] { line.append(job(lane)) }
        #expect(line.takeFirst { $0 == .light }?.lane == .light)
        #expect(line.takeFirst { $0 == .light }?.lane == .light)
        #expect(line.takeFirst { $0 == .light } == nil)
        #expect(line.takeFirst { $0 == .heavy }?.lane == .heavy)
    }

    @Test func `a queue gives back what it was given in order, however calls interleave`() {
        var queue = FIFO<Int>()
        var taken: [Int] = []
        for number in 0..<100 {
            queue.append(number)
            if number % 3 == 0, let first = queue.popFirst() { taken.append(first) }
        }
        #expect(queue.count == 100 - taken.count)
        while let first = queue.popFirst() { taken.append(first) }
        #expect(taken == Array(0..<100))
        #expect(queue.popFirst() == nil)
    }
}
