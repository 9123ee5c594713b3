import Glibc
import Synchronization

/// A connection's phase and the moment at which its time is up.
///
/// The connection's thread moves it on, the reaper ends it; a transition that comes after the end fails.
struct PhaseClock: ~Copyable {
    fileprivate static let phaseBits: UInt64 = 3
    fileprivate static let phaseMask: UInt64 = 7

    /// The deadline in milliseconds above the phase.
    private let cell: Atomic<UInt64>

    init(_ phase: ConnectionPhase, milliseconds: UInt64) {
        cell = Atomic(Self.word(phase, Ticks.now.milliseconds + milliseconds))
    }

    private static func word(_ phase: ConnectionPhase, _ deadline: UInt64) -> UInt64 {
        deadline << phaseBits | phase.rawValue
    }

    var phase: ConnectionPhase {
        ConnectionPhase(rawValue: cell.load(ordering: .relaxed) & Self.phaseMask) ?? .expired
    }

    /// Enters a phase.
    ///
    /// - Parameter milliseconds: nil for a phase without a deadline.
    /// - Returns: false where the reaper was faster.
    func enter(_ phase: ConnectionPhase, milliseconds: UInt64?) -> Bool {
        let current = cell.load(ordering: .relaxed)
        guard current & Self.phaseMask != ConnectionPhase.expired.rawValue else { return false }
        let deadline = milliseconds.map { Ticks.now.milliseconds + $0 } ?? UInt64.max >> Self.phaseBits
        return cell.compareExchange(
            expected: current, desired: Self.word(phase, deadline), ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// Moves the deadline of a phase on, but never further than `most` from now.
    ///
    /// - Returns: false where that phase is over, or the reaper was faster.
    func extend(_ phase: ConnectionPhase, milliseconds: UInt64, most: UInt64) -> Bool {
        let current = cell.load(ordering: .relaxed)
        guard current & Self.phaseMask == phase.rawValue else { return false }
        let deadline = min((current >> Self.phaseBits) + milliseconds, Ticks.now.milliseconds + most)
        return cell.compareExchange(
            expected: current, desired: Self.word(phase, deadline), ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// The phase and its deadline, for ``end(ifStill:)``.
    var state: State { State(word: cell.load(ordering: .acquiring)) }

    struct State: Equatable {
        fileprivate let word: UInt64
        var phase: ConnectionPhase { ConnectionPhase(rawValue: word & PhaseClock.phaseMask) ?? .expired }
        var deadline: Ticks { Ticks(milliseconds: word >> PhaseClock.phaseBits) }
    }

    /// Ends the clock where nothing has moved it on since.
    func end(ifStill state: State) -> Bool {
        cell.compareExchange(
            expected: state.word, desired: Self.word(.expired, 0), ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// Ends the clock where its time is up.
    ///
    /// - Returns: the phase that took too long, once.
    func expire(at now: Ticks) -> ConnectionPhase? {
        let state = state
        guard state.deadline <= now, state.phase != .expired, end(ifStill: state) else { return nil }
        return state.phase
    }
}
