internal import CMicroHTTPDSupport
import Glibc

/// The certificates and the key that a TLS server shows, and whom it trusts.
final class TLSIdentity: @unchecked Sendable {
    // @unchecked Sendable because the identity behind the handle locks itself and the text never changes.
    let handle: OpaquePointer
    /// NUL-terminated PEM; nil where clients need no certificate.
    let clientAuthorities: UnsafePointer<CChar>?
    private let files: HTTPServer.TLS
    /// Bundles of authorities take a few hundred KiB.
    private static let limit = 4 << 20

    init(_ files: HTTPServer.TLS) throws(HTTPServer.StartError) {
        let authorities = try files.clientAuthorityFile.map(Self.read)
        if let authorities, !cmhd_tls_are_certificates(authorities, authorities.count - 1) {
            throw HTTPServer.StartError(message: "the client authority file holds no PEM certificate")
        }
        var problem: UnsafePointer<CChar>?
        let (chain, key) = (try Self.read(files.certificateFile), try Self.read(files.keyFile))
        guard let handle = cmhd_tls_identity_create(chain, chain.count - 1, key, key.count - 1, &problem) else {
            throw Self.failure(problem)
        }
        self.handle = handle
        self.files = files
        clientAuthorities = authorities.flatMap { strdup($0) }.map { UnsafePointer($0) }
    }

    deinit {
        cmhd_tls_identity_free(handle)
        free(UnsafeMutablePointer(mutating: clientAuthorities))
    }

    /// Reads the files again; new handshakes use what they hold now.
    func reload() throws(HTTPServer.StartError) {
        var problem: UnsafePointer<CChar>?
        let (chain, key) = (try Self.read(files.certificateFile), try Self.read(files.keyFile))
        guard cmhd_tls_identity_replace(handle, chain, chain.count - 1, key, key.count - 1, &problem) else {
            throw Self.failure(problem)
        }
    }

    private static func failure(_ problem: UnsafePointer<CChar>?) -> HTTPServer.StartError {
        HTTPServer.StartError(message: "TLS cannot start: \(problem.map { String(cString: $0) } ?? "unknown reason")")
    }

    /// A file's bytes and a NUL.
    private static func read(_ path: String) throws(HTTPServer.StartError) -> [CChar] {
        do throws(RegularFile.Failure) {
            return try RegularFile.read(path, limit: limit).map { CChar(bitPattern: $0) } + [0]
        } catch {
            throw HTTPServer.StartError(message: "cannot read \(path): \(reason(error))")
        }
    }

    private static func reason(_ failure: RegularFile.Failure) -> String {
        switch failure {
        case .notRegular: "it is not a regular file"
        case .tooLarge: "it is larger than \(limit >> 20) MiB"
        case .unreadable(let number): String(cString: strerror(number))
        }
    }
}
