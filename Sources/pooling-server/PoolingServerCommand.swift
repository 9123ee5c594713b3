import ArgumentParser
import Glibc
import PoolingService

/// The command line: `pooling-server [serve | healthcheck | operations | version]`.
@main
struct PoolingServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pooling-server",
        abstract: "Pools tensors over HTTP: max, average and the other pooling layers, forward and backward.",
        discussion: """
            Examples:
              pooling-server                 serve on http://127.0.0.1:8080
              pooling-server -p 9000         serve on another port
              pooling-server operations      list ops and regions
              pooling-server --generate-completion-script bash
            """,
        version: BuildInfo.version,
        subcommands: [ServeCommand.self, HealthcheckCommand.self, OperationsCommand.self, VersionCommand.self],
        defaultSubcommand: ServeCommand.self)

    static func main() {
        InstructionLevel.useBest()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            exitExplaining(error)
        }
    }

    private static func exitExplaining(_ error: any Error) -> Never {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        let mistake = CommandLineMistake(error, arguments: Array(CommandLine.arguments.dropFirst()), subcommands: names)
        guard let mistake else { exit(withError: error) }
        var text = mistake.text
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(withError: ExitCode.validationFailure)
    }
}
