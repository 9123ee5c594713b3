import Testing

@testable import PoolingService

@Suite struct SamplerTests {
    private func taken(_ rate: Double, of count: Int) -> [Bool] {
        let sampler = Sampler(rate: rate)
        return (0..<count).map { _ in sampler.takesNext() }
    }

    @Test func `all are taken at 1, none at 0`() {
        #expect(taken(1, of: 100) == Array(repeating: true, count: 100))
        #expect(taken(0, of: 100) == Array(repeating: false, count: 100))
    }

    @Test func `at a quarter every fourth is taken`() {
        #expect(taken(0.25, of: 12) == Array(repeating: [false, false, false, true], count: 3).flatMap { $0 })
    }

    @Test(arguments: [0.01, 0.1, 0.3, 0.5, 0.75, 0.999])
    func `any stretch has its part, to within one`(_ rate: Double) {
        let all = taken(rate, of: 5000)
        for start in stride(from: 0, to: 4000, by: 333) {
            let count = all[start..<start + 1000].count { $0 }
            #expect(abs(Double(count) - 1000 * rate) <= 1)
        }
    }
}
