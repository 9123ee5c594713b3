import ArgumentParser
import Glibc
import PoolingEngine
import PoolingService

/// A mistake in the arguments.
///
/// The argument parser suggests the nearest option however far that is, and for a mistake in the arguments of `serve`, the
/// subcommand where none is named, it shows the usage of the program.
struct CommandLineMistake {
    let text: String

    /// - Parameter subcommands: their names.
    /// - Returns: nil where the error is no such mistake.
    init?(_ error: any Error, arguments: [String], subcommands: [String]) {
        let root = PoolingServerCommand.self
        guard root.exitCode(for: error) == .validationFailure else { return nil }
        let message = root.message(for: error)
        let first = arguments.first ?? ""
        guard first == ServeCommand.configuration.commandName || !subcommands.contains(first) else {
            let corrected = Self.corrected(message, options: [], subcommands: [])
            text = root.fullMessage(for: error).replacing(message, with: corrected) + "\n"
            return
        }
        let corrected = Self.corrected(
            message, options: Setting.allCases.map(\.rawValue), subcommands: subcommands)
        text = """
            Error: \(corrected)
            Usage: pooling-server [serve] [<options>]
              See 'pooling-server serve --help' for more information.

            """
    }

    /// The parser's message with a hint by the rules of all other hints.
    private static func corrected(_ message: String, options: [String], subcommands: [String]) -> String {
        if let option = message.quoted(after: "Unknown option '") {
            let hint = NameHint.suggestion(for: String(option.drop { $0 == "-" }), among: options)
            return "unknown option '\(option)'" + (hint.map { "; did you mean '--\($0.word)'?" } ?? "")
        }
        if let argument = message.quoted(after: "Unexpected argument '") {
            return "unexpected argument '\(argument)'" + NameHint.text(for: argument, among: subcommands)
        }
        return message
    }
}

extension String {
    /// What is between `start`, with which this begins, and the next quote.
    fileprivate func quoted(after start: String) -> String? {
        hasPrefix(start) ? String(dropFirst(start.count).prefix { $0 != "'" }) : nil
    }
}
