/// A queue that appends at the end and takes from the front, each in constant time on average.
struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// All that wait, from front to end.
    var waiting: [Element] { elements[head...].compactMap(\.self) }

    mutating func removeAll(where isGone: (Element) -> Bool) {
        elements = waiting.filter { !isGone($0) }
        head = 0
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let first = elements[head].take()
        head += 1
        // Moving up only when half is empty moves each element once on average.
        if head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return first
    }
}
