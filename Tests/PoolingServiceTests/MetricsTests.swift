import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct MetricsTests {
    private func scrape(_ service: DirectService) -> [Substring] {
        service.send("GET", "/metrics").text.split(separator: "\n")
    }

    @Test func `requests are counted by method, route and status`() throws {
        let service = try DirectService()
        for _ in 0..<3 { _ = service.post("/v1/forward", "{") }
        let lines = scrape(service)
        let labels = #"method="POST",route="/v1/forward",code="400""#
        #expect(lines.contains("http_request_duration_seconds_count{\(labels)} 3"))
        #expect(lines.contains(#"http_request_duration_seconds_bucket{\#(labels),le="+Inf"} 3"#))
        #expect(lines.contains("http_request_bytes_total 3"))
        #expect(lines.contains(#"pooling_problems_total{code="malformed_json"} 3"#))
        #expect(lines.contains("http_requests_in_flight 1"))
    }

    @Test func `clients cannot invent labels`() throws {
        let service = try DirectService()
        _ = service.send("BREW\"", "/a\"b")
        #expect(scrape(service).contains { $0.contains(#"method="other",route="none",code="404""#) })
    }

    @Test func `every sample belongs to a family that was described before it`() throws {
        let service = try DirectService()
        _ = service.post("/v1/forward", "{")
        var families: [Substring] = []
        for line in scrape(service) where !line.hasPrefix("# HELP") {
            if line.hasPrefix("# TYPE ") {
                families.append(line.split(separator: " ")[2])
            } else {
                let family = try #require(families.last)
                #expect(line.hasPrefix(family), "\(line)")
            }
        }
        #expect(Set(families).count == families.count)
    }

    @Test func `a histogram's buckets grow up to its count`() {
        var histogram = Histogram()
        for duration in [0, 100_000, 100_001, 2_000_000_000, UInt64(60_000_000_000)] { histogram.observe(duration) }
        var exposition = Exposition()
        histogram.write("h", labels: "", to: &exposition)
        let lines = exposition.text.split(separator: "\n")
        #expect(lines.first == #"h_bucket{le="0.0001"} 2"#)
        #expect(lines.contains(#"h_bucket{le="0.00025"} 3"#))
        #expect(lines.contains(#"h_bucket{le="10"} 4"#))
        #expect(lines.suffix(3) == [#"h_bucket{le="+Inf"} 5"#, "h_sum 62.000200001", "h_count 5"])
    }
}
