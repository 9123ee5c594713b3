import ArgumentParser
import Glibc
import PoolingService

/// Prints the catalogue: a table on a terminal, else the JSON of `GET /v1/operations`.
struct OperationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operations",
        abstract: "Print the catalogue of ops and regions: a table on a terminal, else JSON.")

    @Flag(help: "JSON on a terminal too.") var json = false

    func run() throws {
        if !json, isatty(STDOUT_FILENO) == 1 {
            print(OperationsTable.text())
        } else {
            print(String(decoding: try OperationsDocument.text(Configuration()), as: UTF8.self))
        }
    }
}
