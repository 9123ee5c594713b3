/// An HTTP/1.1 server on libmicrohttpd.
package final class HTTPServer: Sendable {
    package struct Configuration: Sendable {
        package var host = "127.0.0.1"
        /// 0 takes a free port.
        package var port: UInt16 = 8080
        package var ioThreads = 2
        package var maxConnections = 1024
        package init() {}
    }

    package struct StartError: Error, Sendable {
        /// One sentence that says what to do.
        package let message: String
        package init(message: String) { self.message = message }
    }

    /// The port that it listens on.
    package let port: UInt16

    /// Listens and serves until ``drain(timeout:)``.
    package init(_ configuration: Configuration, application: any HTTPApplication) throws(StartError) {
        port = 0
    }

    /// From now on every response closes its connection; new connections are still accepted.
    package func closeConnectionsAfterResponse() {}

    /// Stops accepting, lets every accepted request finish, stops. Returns whether all finished within `timeout`.
    package func drain(timeout: Duration) -> Bool { true }
}
