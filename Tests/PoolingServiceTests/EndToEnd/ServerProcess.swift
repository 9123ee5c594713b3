import Foundation

/// The built `pooling-server`, running on a free port of 127.0.0.1.
final class ServerProcess: Sendable {
    struct DidNotStart: Error, CustomStringConvertible {
        let description: String
    }

    let port: UInt16
    private let child: Child

    private init(port: UInt16, child: Child) {
        self.port = port
        self.child = child
    }

    /// Starts a server with `arguments` added, and waits until it listens.
    static func start(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> ServerProcess {
        let child = try Child(
            executable: executable, arguments: ["--port", "0"] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { _, added in added })
        guard let line = await child.line(containing: announcement) else {
            throw DidNotStart(description: "exit status \(await child.exitStatus()): \(child.log)")
        }
        guard let address = line.range(of: announcement), let port = readPort(line[address.upperBound...]) else {
            child.terminate()
            throw DidNotStart(description: "no port in: \(line)")
        }
        return ServerProcess(port: port, child: child)
    }

    /// What the server has written so far.
    var log: String { child.log }

    var processIdentifier: Int32 { child.processIdentifier }

    func connect() throws -> HTTPConnection {
        try HTTPConnection(port: port)
    }

    /// Asks the server to end, as an operator would.
    ///
    /// - Returns: Its exit status; a server that was ended by a signal has that signal's number, negative.
    func stop() async -> Int32 {
        child.terminate()
        return await child.exitStatus()
    }

    private static let announcement = "listening on http://127.0.0.1:"

    /// Products are built into the folder of the test bundle that runs now.
    static var executable: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("pooling-server").path
    }

    private static func readPort(_ text: Substring) -> UInt16? {
        UInt16(text.prefix { $0.isASCII && $0.isNumber })
    }
}
