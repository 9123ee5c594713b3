import ArgumentParser
import Dispatch
import Glibc
import PoolingService

/// Serves until SIGTERM or SIGINT.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve over HTTP (what happens without a subcommand).",
        discussion: "Each option can also be given in the environment, as POOLING_SERVER_PORT and so on; a flag wins.")

    @OptionGroup var options: ServeOptions

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        AddressSpace.limitWhatThreadsTake()
        let configuration = try checkedConfiguration()
        let writer = LogWriter(descriptor: STDERR_FILENO)
        let log = Log(
            format: configuration.logFormat, level: configuration.logLevel, sample: configuration.logSample,
            writer: writer)
        let running = try started(configuration, log)
        // Before the announcement: whoever reads it may send a signal at once.
        let signals = Signals(running, configuration, log)
        Announcement.write(running, configuration, to: log)
        signals.waitAndExit()
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
