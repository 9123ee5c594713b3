import ArgumentParser
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
        main(nil)
    }
}
