import ArgumentParser
import PoolingService

/// Prints what `GET /v1/operations` answers.
struct OperationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operations", abstract: "Print the catalogue of ops and regions as JSON.")

    func run() throws {
        print(String(decoding: try OperationsDocument.text(Configuration()), as: UTF8.self))
    }
}
