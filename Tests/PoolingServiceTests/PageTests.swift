import MicroHTTP
import Testing

@testable import PoolingService

/// Holds the two pages to what a browser needs to trust them; what they do is tested in a browser.
@Suite struct PageTests {
    static let paths = ["/", "/docs"]

    @Test(arguments: paths)
    func `a page is HTML and never framed, sniffed or told to others`(_ path: String) throws {
        let response = try DirectService().send("GET", path)
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "text/html; charset=utf-8")
        #expect(response.header("X-Content-Type-Options") == "nosniff")
        #expect(response.header("Referrer-Policy") == "no-referrer")
        let policy = try #require(response.header("Content-Security-Policy"))
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
    }

    @Test(arguments: paths)
    func `only the style and the script with the nonce of the answer may run`(_ path: String) throws {
        let service = try DirectService()
        let nonces = try (0..<2).map { _ in
            let response = service.send("GET", path)
            let nonce = try nonce(of: response)
            #expect(response.header("Content-Security-Policy")?.contains("style-src 'nonce-\(nonce)'") == true)
            #expect(response.text.split(separator: #" nonce="\#(nonce)">"#).count == 3)
            return nonce
        }
        #expect(nonces[0] != nonces[1])
    }

    @Test(arguments: paths)
    func `a page names no resource but the routes of this service`(_ path: String) throws {
        let page = try DirectService().send("GET", path).text
        let routes = RouteTable.all.map(\.path)
        for reference in page.matches(of: #/\b(?:href|src)="(?!data:|#)(?<target>[^"$]*)"/#) {
            #expect(routes.contains(String(reference.target)))
        }
        #expect(!page.contains(#/\bon[a-z]+="/#), "inline handlers are refused by the policy")
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.hasSuffix("</html>\n"))
    }

    private func nonce(of response: HTTPResponse) throws -> String {
        let policy = try #require(response.header("Content-Security-Policy"))
        return String(try #require(policy.firstMatch(of: #/script-src 'nonce-(?<nonce>[a-z0-9]{16,})'/#)).nonce)
    }
}
