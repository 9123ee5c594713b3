internal import CMicroHTTPDSupport

/// One request of a TLS client.
package enum TLSExchange {
    /// A client's certificate and its key, in PEM files.
    package struct Identity: Hashable, Sendable {
        package let certificateFile, keyFile: String

        package init(certificateFile: String, keyFile: String) {
            (self.certificateFile, self.keyFile) = (certificateFile, keyFile)
        }
    }

    /// Sends a request over a connected socket, whoever the server is, and reads at most `count` bytes of the response.
    ///
    /// - Returns: nil where there is none.
    package static func firstBytes(
        _ count: Int, ofResponseTo request: [UInt8], on socket: Int32, identity: Identity?
    ) -> [UInt8]? {
        var response = [CChar](repeating: 0, count: count)
        let text = request.map { CChar(bitPattern: $0) }
        let received = cmhd_tls_exchange(
            socket, identity?.certificateFile, identity?.keyFile, text, text.count, &response, count)
        return received < 0 ? nil : response.prefix(received).map { UInt8(bitPattern: $0) }
    }
}
