import ArgumentParser

/// The command line: `pooling-bench layers | ops | json | memcpy`.
@main
struct PoolingBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pooling-bench",
        abstract: "Measures the pooling engine and the JSON codec of pooling-server, without a network.",
        subcommands: [LayersCommand.self, OpsCommand.self, JSONCommand.self, MemcpyCommand.self])
}
