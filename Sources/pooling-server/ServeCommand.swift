import ArgumentParser
import Dispatch
import Glibc
import PoolingService

/// Serves until SIGTERM or SIGINT.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve over HTTP; the default subcommand.",
        discussion: """
            Examples:
              pooling-server -p 9000 --max-body 16MiB
              pooling-server --host 0.0.0.0 --api-key-file /etc/pooling-server/keys
              POOLING_SERVER_LOG_FORMAT=json pooling-server

            Each option can also be set in the environment, where a flag wins: \
            \(Setting.allCases.map(\.variable).joined(separator: ", ")).
            """)

    @OptionGroup var options: ServeOptions

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        Signals.hold()
        AddressSpace.limitWhatThreadsTake()
        let configuration = try checkedConfiguration()
        let writer = LogWriter(descriptor: STDERR_FILENO)
        let log = Log(
            format: configuration.logFormat, level: configuration.logLevel, sample: configuration.logSample,
            writer: writer)
        let running = try started(configuration, log)
        Announcement.write(running, configuration, to: log)
        for warning in Environment.warnings { log.warning(warning) }
        Signals.takeAndExit(running, configuration, log)
    }

    private func checkedConfiguration() throws -> Configuration {
        do throws(ConfigurationError) {
            return try options.configuration()
        } catch {
            throw ValidationError(error.description)
        }
    }

    private func started(_ configuration: Configuration, _ log: Log) throws -> RunningService {
        do throws(RunningService.StartError) {
            return try RunningService(configuration, log: log)
        } catch {
            log.error(error.message)
            log.flush()
            throw ExitCode(1)
        }
    }
}
