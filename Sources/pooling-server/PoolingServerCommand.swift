import ArgumentParser
import PoolingService

/// The command line: `pooling-server [serve | healthcheck | operations]`.
@main
struct PoolingServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pooling-server",
        abstract: "Pools tensors over HTTP: max, average and the other pooling layers, forward and backward.",
        version: BuildInfo.version,
        subcommands: [ServeCommand.self, HealthcheckCommand.self, OperationsCommand.self],
        defaultSubcommand: ServeCommand.self)

    static func main() {
        InstructionLevel.useBest()
        main(nil)
    }
}
