import Foundation
import Testing

@testable import PoolingService

@Suite struct SettingTests {
    /// The page of the command line, from this file's place in the repository.
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/reference/command-line.md").standardized

    @Test func `the page lists every setting as the program has it`() throws {
        let lines = try String(contentsOf: Self.page, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("| `--") } == Setting.allCases.map(\.row))
    }

    /// Defaults that depend on the machine, or that no text can give.
    private static let withoutText: Set<Setting> = [
        .workers, .ioThreads, .memoryBudget, .maxConnectionsPerClient, .apiKeyFile, .rateLimit, .corsOrigin,
        .metricsPort, .unixSocket, .listenFD, .tlsCertificate, .tlsKey, .tlsClientCA,
    ]

    @Test(arguments: Setting.allCases.filter { !withoutText.contains($0) })
    func `the default that is shown is the default`(_ setting: Setting) throws {
        let text = String(setting.entry.standard.prefix { $0 != " " })
        var configuration = Configuration()
        try setting.entry.read(GivenSetting(text, from: "the test"), into: &configuration)
        #expect(String(describing: configuration) == String(describing: Configuration()))
    }

    @Test(arguments: withoutText)
    func `a default without a text says so`(_ setting: Setting) {
        #expect(["none", "half", "one"].contains { setting.entry.standard.hasPrefix($0) })
    }
}
