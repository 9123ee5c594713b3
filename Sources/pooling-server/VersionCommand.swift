import ArgumentParser
import PoolingService

/// Prints the version and what the program was built for.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version and the processor level of this build.")

    func run() {
        print("pooling-server \(BuildInfo.version) (\(BuildInfo.instructionSet))")
    }
}
