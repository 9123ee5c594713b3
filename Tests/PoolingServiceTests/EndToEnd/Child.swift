import Dispatch
import Glibc
import Synchronization

/// A child process whose output is collected line by line.
///
/// Started with `posix_spawn` and not with Foundation's `Process`, because that hands down the signal mask of the
/// thread that starts it, and on Dispatch's threads SIGTERM is masked.
final class Child: Sendable {
    struct DidNotStart: Error {
        let errno: Int32
    }

    private struct State {
        var output: [UInt8] = []
        var wanted: (text: String, continuation: CheckedContinuation<String?, Never>)?
        var status: Int32?
        var exitWaiters: [CheckedContinuation<Int32, Never>] = []
    }

    let processIdentifier: pid_t
    private let state = Mutex(State())

    init(executable: String, arguments: [String], environment: [String: String]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw DidNotStart(errno: errno) }
        // Else the child would hold its own output open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        do {
            processIdentifier = try Self.spawn(executable, arguments, environment, output: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        let output = ends[0]
        DispatchQueue(label: "child").async { self.follow(output) }
    }

    var log: String {
        state.withLock { String(decoding: $0.output, as: UTF8.self) }
    }

    func terminate() {
        state.withLock { state in
            // Once its status was collected the number may belong to another process.
            if state.status == nil { kill(processIdentifier, SIGTERM) }
        }
    }

    /// The first line of output that has `text` in it; nil when the process ends without one.
    func line(containing text: String) async -> String? {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.wanted = (text, continuation)
                Self.wantedResult(&state)
            }
        }
    }

    /// The exit status, once it has ended; a process that was ended by a signal has its number, negative.
    func exitStatus() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.exitWaiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    private func follow(_ output: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while case let count = read(output, &buffer, buffer.count), count > 0 {
            state.withLock { state in
                state.output += buffer[..<count]
                Self.wantedResult(&state)
            }
        }
        close(output)
        awaitEnd()
    }

    private func awaitEnd() {
        var ended = siginfo_t()
        waitid(P_PID, id_t(processIdentifier), &ended, WEXITED | WNOWAIT)
        let (status, waiters) = state.withLock { state in
            var raw: Int32 = 0
            waitpid(processIdentifier, &raw, 0)
            let signal = raw & 0x7F
            let status = signal == 0 ? raw >> 8 & 0xFF : -signal
            state.status = status
            Self.wantedResult(&state)
            defer { state.exitWaiters = [] }
            return (status, state.exitWaiters)
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }

    private static func wantedResult(_ state: inout State) {
        guard let wanted = state.wanted else { return }
        let complete = state.output.prefix(through: state.output.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
        let lines = String(decoding: complete, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.contains(wanted.text) }
        guard line != nil || state.status != nil else { return }
        state.wanted = nil
        wanted.continuation.resume(returning: line.map(String.init))
    }
}

// Spawning
extension Child {
    private static func spawn(
        _ executable: String, _ arguments: [String], _ environment: [String: String], output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var pid: pid_t = 0
        let result = withCStrings([executable] + arguments) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
            }
        }
        guard result == 0 else { throw DidNotStart(errno: result) }
        return pid
    }

    /// Calls `body` with a null-terminated list of C strings.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
