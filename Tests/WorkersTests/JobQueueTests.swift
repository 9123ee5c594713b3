import Testing

@testable import Workers

@Suite struct JobQueueTests {
    private func job(_ lane: Workers.Lane) -> WorkerJob {
        WorkerJob(lane: lane, deadline: nil) { _ in }
    }

    @Test func `lanes take turns while both have jobs`() {
        var queue = JobQueue()
        for lane in [Workers.Lane.heavy, .heavy, .heavy, .light, .light] { queue.append(job(lane)) }
        #expect(queue.removeAll().map(\.lane) == [.light, .heavy, .light, .heavy, .heavy])
        #expect(queue.count == 0)
    }

    @Test func `a lane that may not start is passed over`() {
        var queue = JobQueue()
        for lane in [Workers.Lane.heavy, .light, .light] { queue.append(job(lane)) }
        #expect(queue.takeFirst { $0 == .light }?.lane == .light)
        #expect(queue.takeFirst { $0 == .light }?.lane == .light)
        #expect(queue.takeFirst { $0 == .light } == nil)
        #expect(queue.takeFirst { $0 == .heavy }?.lane == .heavy)
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
