import Synchronization

/// Collects what jobs tell, from any thread.
final class Recorder<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])

    var elements: [Element] { state.withLock { $0 } }

    func append(_ element: Element) {
        state.withLock { $0.append(element) }
    }
}
