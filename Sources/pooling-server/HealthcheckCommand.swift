import ArgumentParser
import PoolingService

/// Asks a running service whether it is alive, for containers without curl.
struct HealthcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck", abstract: "Exit with 0 if the service responds, else with 1.",
        discussion: """
            Without --url it requests /healthz at the address in the environment: POOLING_SERVER_HOST and \
            POOLING_SERVER_PORT, or POOLING_SERVER_UNIX_SOCKET; over TLS if POOLING_SERVER_TLS_CERT is set.
            """)

    @Option(help: "The address: http://HOST:PORT/PATH, https://… or unix:PATH (default: the configured address).")
    var url: String?

    /// The settings of the address; a mistake in another one must not fail the check.
    private static let settings: [Setting] = [
        .host, .port, .unixSocket, .listenFD, .tlsCertificate, .tlsKey, .tlsClientCA,
    ]

    func run() throws {
        let target = try url.map(given) ?? configured()
        guard let status = HealthProbe.status(of: target) else {
            print("no response from \(target)")
            throw ExitCode(1)
        }
        print("\(target): \(status)")
        if !(200...299).contains(status) { throw ExitCode(1) }
    }

    private func given(_ text: String) throws -> HealthTarget {
        guard let target = HealthTarget(text) else {
            throw ValidationError(
                "--url: '\(text)' cannot be used; give one such as http://127.0.0.1:8080/healthz or unix:/run/pooling.sock"
            )
        }
        return target
    }

    private func configured() throws -> HealthTarget {
        let variables = Set(Self.settings.map(\.variable))
        let environment = Environment.variables.filter { variables.contains($0.key) }
        do throws(ConfigurationError) {
            if let target = HealthTarget(try Configuration(flags: [:], environment: environment)) { return target }
        } catch {
            throw ValidationError(error.description)
        }
        throw ValidationError("the environment does not say on which port the service listens; give --url")
    }
}
