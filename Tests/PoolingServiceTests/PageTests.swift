import MicroHTTP
import Testing

@testable import PoolingService

/// Holds the two pages to what a browser needs to trust them; what they do is tested in a browser.
@Suite struct PageTests {
    static let paths = ["/", "/docs"]
    private static let routes = RouteTable.all + RouteTable.pageFiles

    @Test(arguments: paths)
    func `a page is HTML and never templated, sniffed or told to others`(_ path: String) throws {
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
    func `only the style and the script with the nonce of the response may run`(_ path: String) throws {
        let service = try DirectService()
        let nonces = try (0..<2).map { _ in
            let response = service.send("GET", path)
            let nonce = try nonce(of: response)
            #expect(response.header("Content-Security-Policy")?.contains("style-src 'nonce-\(nonce)'") == true)
            let elements = response.text.matches(of: #/<(?:style|script|link rel="modulepreload")[^>]*>/#)
            #expect(elements.count > 10)
            #expect(elements.allSatisfy { $0.output.hasSuffix(#" nonce="\#(nonce)">"#) })
            return nonce
        }
        #expect(nonces[0] != nonces[1])
    }

    @Test(arguments: paths)
    func `a page names no resource but the routes of this service`(_ path: String) throws {
        let page = try DirectService().send("GET", path).text
        let routes = RouteTable.all.map(\.path) + PageFile.all.map(\.path)
        for reference in page.matches(of: #/\b(?:href|src)="(?!data:|#)(?<target>[^"$]*)"/#) {
            #expect(routes.contains(String(reference.target)))
        }
        #expect(!page.contains(#/\bon[a-z]+="/#), "inline handlers are rejected by the policy")
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.hasSuffix("</html>\n"))
    }

    @Test func `every file of a page is served for good, with its type`() throws {
        let service = try DirectService(routes: Self.routes)
        #expect(PageFile.all.count > 30)
        for file in PageFile.all {
            let response = service.send("GET", file.path)
            #expect(response.status == 200, "\(file.path)")
            #expect(response.text == String(decoding: file.content, as: UTF8.self))
            #expect(response.header("Cache-Control")?.contains("immutable") == true)
            #expect(response.header("X-Content-Type-Options") == "nosniff")
            let mediaType = file.name.hasSuffix(".js") ? "text/javascript; charset=utf-8" : "image/webp"
            #expect(response.header("Content-Type") == mediaType)
        }
    }

    @Test func `a file of another build or of no page is not found`() throws {
        let service = try DirectService(routes: Self.routes)
        #expect(service.send("GET", "/assets/0/shared/dom.js").status == 404)
        #expect(service.send("GET", PageFile.folder + "/shared/none.js").status == 404)
        #expect(service.send("GET", PageFile.folder + "/docs/dom.js").status == 404)
    }

    @Test func `every import of a module names a module that its page loads`() throws {
        for room in ["playground", "docs"] {
            let modules = PageFile.modules(of: room)
            let paths = Set(modules.map { "\($0.room)/\($0.name)" })
            for module in modules {
                let text = String(decoding: module.content, as: UTF8.self)
                for statement in text.matches(of: #/\bfrom "(?<target>[^"]+)"/#) {
                    let target = String(statement.target)
                    let path =
                        target.hasPrefix("../") ? String(target.dropFirst(3)) : module.room + "/" + target.dropFirst(2)
                    #expect(paths.contains(path), "\(module.path): \(target)")
                }
            }
        }
    }

    private func nonce(of response: HTTPResponse) throws -> String {
        let policy = try #require(response.header("Content-Security-Policy"))
        return String(try #require(policy.firstMatch(of: #/script-src 'nonce-(?<nonce>[a-z0-9]{16,})'/#)).nonce)
    }
}
