import PoolingEngine

/// Reads nested lists of numbers straight into a tensor's memory.
struct NestedArrayReader<Element: TensorElement> {
    private let buffer: ElementBuffer<Element>
    private var shape = ArrayShape()

    /// The first guess where nothing is known; doubled as needed.
    private static var defaultCapacity: Int { 1024 }

    /// Takes nested lists, or a lone number.
    ///
    /// - Parameter expectedCount: how many numbers are likely to come, for the first allocation.
    static func take(
        from reader: inout JSONReader, expectedCount: Int?
    ) throws(WireError) -> (shape: [Int], storage: TensorStorage) {
        // A number and its comma take two bytes, so that the body bounds what a caller can make us allocate.
        let bound = (reader.bytes.count - reader.position) / 2 + 1
        var lists = Self(capacity: min(expectedCount ?? defaultCapacity, bound))
        try lists.take(from: &reader)
        return (lists.shape.shape, lists.buffer.finish())
    }

    private init(capacity: Int) {
        buffer = ElementBuffer(capacity: capacity)
    }

    private mutating func take(from reader: inout JSONReader) throws(WireError) {
        repeat {
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
        return true
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
            guard reader.isAtNumber else { return try takeCarefully(&reader) }
            throw ragged(error, reader)
        }
        guard shape.depth > 0 else { return try takeCarefully(&reader) }
        var run = PlainRun()
        buffer.append { room in
            run = PlainRun.take(into: room, from: &reader)
            return run.count
        }
        shape.advance(by: run.endsWithComma ? run.count : max(run.count - 1, 0))
        return try run.count > 0 ? !run.endsWithComma : takeCarefully(&reader)
    }

    /// Takes one number that may be of any form, or turns out to be none.
    private mutating func takeCarefully(_ reader: inout JSONReader) throws(WireError) -> Bool {
        buffer.append(try reader.takeElement(of: Element.self, at: shape.indices))
        return true
    }

    private func ragged(_ mistake: ArrayShape.Mistake, _ reader: JSONReader) -> WireError {
        .refused(PoolingRefusal(.raggedArray, at: reader.path.pointer(shape.indices), mistake.detail))
    }
}

/// Numbers of the usual form with commas between them.
private struct PlainRun {
    private(set) var count = 0
    private(set) var endsWithComma = false

    /// The hot loop of the whole reader: numbers straight into memory, nothing thrown, nothing allocated.
    @inline(__always)
    static func take<Element: TensorElement>(
        into room: UnsafeMutableBufferPointer<Element>, from reader: inout JSONReader
    ) -> PlainRun {
        var run = PlainRun()
        let powers = reader.powers
        guard let start = reader.bytes.baseAddress, let target = room.baseAddress else { return run }
        var text = start + reader.position
        let end = start + reader.bytes.count
        let last = end - Decimal.plainTextReach
        while run.count < room.count, text <= last {
            guard let number = Decimal(plain: text, powers: powers),
                let element = Element.element(number, powers)
            else { break }
            target[run.count] = element
            run.count &+= 1
            text += number.text.count
            run.endsWithComma = text.pointee == UInt8(ascii: ",")
            guard run.endsWithComma else { break }
            text += 1
            while text < end, JSONReader.isWhitespace(text.pointee) { text += 1 }
        }
        reader.position = text - start
        return run
    }
}
