import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct RateLimiterTests {
    private let start = MonotonicInstant(nanoseconds: 1 << 40)

    @Test func `a client may send its burst, then waits for a token`() {
        let limiter = RateLimiter(RateLimit(count: 2, seconds: 1))
        #expect(limiter.admit("a", at: start) == nil)
        #expect(limiter.admit("a", at: start) == nil)
        #expect(limiter.admit("a", at: start) == 1)
        #expect(limiter.admit("b", at: start) == nil)
        #expect(limiter.admit("a", at: start.advanced(byMilliseconds: 499)) == 1)
        #expect(limiter.admit("a", at: start.advanced(byMilliseconds: 501)) == nil)
    }

    @Test func `the wait is told in whole seconds`() {
        let limiter = RateLimiter(RateLimit(count: 1, seconds: 60))
        #expect(limiter.admit("a", at: start) == nil)
        #expect(limiter.admit("a", at: start) == 60)
        #expect(limiter.admit("a", at: start.advanced(byMilliseconds: 30_500)) == 30)
    }

    @Test func `newcomers share one bucket while the table is full of busy clients`() {
        let limiter = RateLimiter(RateLimit(count: 1, seconds: 3600))
        for client in 0..<16_384 { #expect(limiter.admit("\(client)", at: start) == nil) }
        #expect(limiter.admit("x", at: start) == nil)
        #expect(limiter.admit("y", at: start) != nil)
        let later = start.advanced(byMilliseconds: 3_600_001)
        #expect(limiter.admit("y", at: later) == nil)
        #expect(limiter.admit("z", at: later) == nil)
    }

    @Test func `a client over its rate gets a 429 with Retry-After, probes never`() throws {
        var configuration = Configuration()
        configuration.rateLimit = RateLimit(count: 1, seconds: 3600)
        let service = try DirectService(configuration)
        #expect(service.send("GET", "/v1/operations").status == 200)
        let rejected = service.send("GET", "/v1/operations")
        #expect(rejected.status == 429)
        #expect(rejected.header("Retry-After") != nil)
        #expect(service.send("GET", "/healthz").status == 200)
        #expect(service.send("GET", "/v1/operations", peer: "127.0.0.2").status == 200)
    }
}
