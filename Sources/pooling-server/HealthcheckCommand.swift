import ArgumentParser
import PoolingService

/// Asks a running service whether it is alive, for containers without curl.
struct HealthcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck", abstract: "Exit with 0 if the service answers, else with 1.")

    @Option(help: "What to ask (default: /healthz on 127.0.0.1 and the configured port).") var url: String?

    func run() throws {
        let text = url ?? "http://127.0.0.1:\(Environment.variables[Setting.port.variable] ?? "8080")/healthz"
        guard let target = HealthcheckURL(text) else {
            throw ValidationError("--url: '\(text)' cannot be used; give one such as http://127.0.0.1:8080/healthz")
        }
        guard let status = HealthProbe.status(of: target) else {
            print("no answer from \(text)")
            throw ExitCode(1)
        }
        print("\(text): \(status)")
        if !(200...299).contains(status) { throw ExitCode(1) }
    }
}
