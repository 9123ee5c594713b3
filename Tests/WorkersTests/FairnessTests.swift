import Testing
import Workers

@Suite struct FairnessTests {
    @Test func `a light job runs while heavy ones hold every worker`() throws {
        let workers = Workers(width: 2, queueLimit: 8)
        let door = Gate()
        for _ in 0..<2 { try workers.submit(lane: .heavy) { _ in door.pass() } }
        let light = Gate()
        try workers.submit(lane: .light) { _ in light.open() }
        light.pass()
        for _ in 0..<2 { door.open() }
        #expect(workers.finish(within: .seconds(60)))
        #expect(workers.statistics.completed == 3)
    }

    @Test func `a light job that is queued runs during the heavy one that was taken before it`() throws {
        let workers = Workers(width: 1, queueLimit: 8)
        let first = Gate()
        let last = Gate()
        try workers.submit(lane: .light) { _ in first.pass() }
        try workers.submit(lane: .light) { _ in }
        try workers.submit(lane: .heavy) { _ in last.pass() }
        try workers.submit(lane: .light) { _ in last.open() }
        first.open()
        #expect(workers.finish(within: .seconds(60)))
    }

    @Test func `only one light job runs beyond the workers' width`() throws {
        let workers = Workers(width: 1, queueLimit: 8)
        let door = Gate()
        try workers.submit(lane: .heavy) { _ in door.pass() }
        try workers.submit(lane: .light) { _ in door.pass() }
        try workers.submit(lane: .light) { _ in }
        #expect(workers.statistics.busy == 2)
        #expect(workers.statistics.waiting == 1)
        for _ in 0..<2 { door.open() }
        #expect(workers.finish(within: .seconds(60)))
    }

    @Test func `heavy jobs never exceed the workers' width`() throws {
        let workers = Workers(width: 2, queueLimit: 8)
        let door = Gate()
        for _ in 0..<5 { try workers.submit(lane: .heavy) { _ in door.pass() } }
        #expect(workers.statistics.busy == 2)
        #expect(workers.statistics.waiting == 3)
        for _ in 0..<5 { door.open() }
        #expect(workers.finish(within: .seconds(60)))
        #expect(workers.statistics.completed == 5)
    }

    @Test func `light and heavy jobs in the queue take turns`() throws {
        let workers = Workers(width: 1, queueLimit: 8)
        let door = Gate()
        let order = Recorder<String>()
        try workers.submit { _ in door.pass() }
        for number in 1...3 { try workers.submit(lane: .heavy) { _ in order.append("heavy \(number)") } }
        for number in 1...3 { try workers.submit(lane: .light) { _ in order.append("light \(number)") } }
        door.open()
        #expect(workers.finish(within: .seconds(60)))
        // The light job that may run with a heavy one makes the two lanes race, but each keeps its order.
        #expect(order.elements.filter { $0.hasPrefix("heavy") } == ["heavy 1", "heavy 2", "heavy 3"])
        #expect(order.elements.filter { $0.hasPrefix("light") } == ["light 1", "light 2", "light 3"])
    }
}
