import PoolingEngine
import RecycledMemory

/// Reads nested lists of numbers straight into a tensor's memory.
struct NestedArrayReader<Element: TensorElement>: ~Copyable {
    private var elements: BytesBuilder
    private var shape = ArrayShape()
    private var maySlice = true

    /// The first guess where nothing is known; doubled as needed.
    private static var defaultCapacity: Int { 1024 }

    /// Takes nested lists, or a lone number.
    ///
    /// - Parameter expectedCount: how many numbers are likely to come, for the first allocation.
    static func take(
        from reader: inout JSONReader, expectedCount: Int?
    ) throws(WireError) -> (shape: [Int], storage: Bytes) {
        // A number and its comma take two bytes, so that the body bounds what a caller can make us allocate.
        let bound = (reader.bytes.count - reader.position) / 2 + 1
        var lists = Self(account: reader.workspace.memory)
        try lists.reserve(max(min(expectedCount ?? defaultCapacity, bound), 1))
        try lists.take(from: &reader)
        return (lists.shape.shape, lists.elements.finish())
    }

    private init(account: (any MemoryAccount)?) { elements = BytesBuilder(account: account) }

    private mutating func take(from reader: inout JSONReader) throws(WireError) {
        repeat {
            try reader.checkpoint()
            if reader.next == UInt8(ascii: "[") {
                guard try open(&reader) else { continue }
            } else {
                guard try takeNumbers(&reader) else { continue }
            }
            guard try !takeNext(&reader) else { continue }
            return
        } while true
    }

    /// Steps into a list.
    ///
    /// - Returns: whether a value is complete, because the list is empty.
    private mutating func open(_ reader: inout JSONReader) throws(WireError) -> Bool {
        do { try shape.open() } catch { throw ragged(error, reader) }
        try reader.enter()
        guard reader.next == UInt8(ascii: "]") else { return false }
        reader.position += 1
        reader.depth -= 1
        try close(isEmpty: true, reader)
        try takeEmptyLists(&reader)
        return true
    }

    /// Takes empty lists that follow an empty one, which fit as it does; a body can have millions.
    private mutating func takeEmptyLists(_ reader: inout JSONReader) throws(WireError) {
        guard shape.depth > 0 else { return }
        let (comma, start, end) = (UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"))
        while reader.bytes.count - reader.position >= 3, reader.next == comma,
            reader.bytes[reader.position + 1] == start, reader.bytes[reader.position + 2] == end
        {
            try reader.checkpoint()
            reader.position += 3
            shape.advance(by: 1)
        }
    }

    private mutating func close(isEmpty: Bool, _ reader: JSONReader) throws(WireError) {
        do { try shape.close(isEmpty: isEmpty) } catch { throw ragged(error, reader) }
    }

    /// Goes on behind a value.
    ///
    /// - Returns: false where all lists have ended.
    private mutating func takeNext(_ reader: inout JSONReader) throws(WireError) -> Bool {
        while shape.depth > 0 {
            if try reader.takeSeparator(orEnd: UInt8(ascii: "]")) {
                shape.advance(by: 1)
                return true
            }
            try close(isEmpty: false, reader)
        }
        return false
    }

    // MARK: Numbers

    /// Takes one number, or as many as follow each other plainly.
    ///
    /// - Returns: false where the comma is taken too and a value has to follow.
    private mutating func takeNumbers(_ reader: inout JSONReader) throws(WireError) -> Bool {
        do { try shape.takeNumber() } catch {
            // What is no element at all is the greater mistake.
            if !reader.isAtNumber { _ = try reader.takeElement(of: Element.self, at: shape.indices) }
            throw ragged(error, reader)
        }
        guard shape.depth > 0 else { return try takeCarefully(&reader) }
        let run = if let slices = try takeSlices(&reader) { slices } else { try takeRun(&reader) }
        shape.advance(by: run.endsWithComma ? run.count : max(run.count - 1, 0))
        return try run.count > 0 ? !run.endsWithComma : takeCarefully(&reader)
    }

    /// Numbers that are read without looking up: some hundred microseconds.
    private static var longestRun: Int { 16 << 10 }

    private mutating func takeRun(_ reader: inout JSONReader) throws(WireError) -> PlainRun {
        var run = PlainRun()
        try fill { room in
            run = PlainRun.take(
                into: UnsafeMutableBufferPointer(rebasing: room.prefix(Self.longestRun)), from: reader.bytes,
                at: &reader.position, reader.powers)
            return run.count
        }
        return run
    }

    /// Lets `body` fill what is free, at least one element, and say how many elements it has written.
    @inline(__always)
    private mutating func fill(_ body: (UnsafeMutableBufferPointer<Element>) -> Int) throws(WireError) {
        if elements.count == elements.capacity { try elements.grow(to: 2 * elements.capacity) }
        elements.fill { free in body(free.bindMemory(to: Element.self)) * MemoryLayout<Element>.stride }
    }

    /// Makes room for `count` more elements.
    private mutating func reserve(_ count: Int) throws(WireError) {
        let needed = elements.count + count * MemoryLayout<Element>.stride
        if needed > elements.capacity { try elements.grow(to: needed) }
    }

    /// Takes most of a long list at once, where nothing in it needs care.
    private mutating func takeSlices(_ reader: inout JSONReader) throws(WireError) -> PlainRun? {
        guard maySlice, let runner = reader.workspace.runner,
            let slices = NumberSlices(
                reader.bytes, from: reader.position, sliceByteCount: reader.workspace.sliceByteCount)
        else {
            return nil
        }
        let counts = slices.counts(on: runner)
        let count = counts.reduce(0, +)
        // Trying again behind each number that needs care could read a list as often as it has numbers.
        maySlice = slices.canHave(count)
        guard maySlice else { return nil }
        try reserve(count + Decimal.plainTextReach)
        var isRead = false
        try fill { room in
            isRead = slices.read(into: room, counts, reader.powers, reader.workspace, on: runner)
            return isRead ? count : 0
        }
        maySlice = isRead
        try reader.workspace.checkpoint()
        guard maySlice else { return nil }
        reader.position = slices.end
        reader.skipWhitespace()
        return PlainRun(count: count, endsWithComma: true)
    }

    /// Takes one number that may be of any form, or turns out to be none.
    private mutating func takeCarefully(_ reader: inout JSONReader) throws(WireError) -> Bool {
        let element = try reader.takeElement(of: Element.self, at: shape.indices)
        try fill { room in
            room[0] = element
            return 1
        }
        return true
    }

    private func ragged(_ mistake: ArrayShape.Mistake, _ reader: JSONReader) -> WireError {
        .rejected(PoolingError(.raggedArray, at: reader.path.pointer(shape.indices), mistake.detail(at: shape.indices)))
    }
}
