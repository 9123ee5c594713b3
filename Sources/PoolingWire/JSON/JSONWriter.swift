import PoolingEngine
import RecycledMemory

/// Writes JSON into a growing row of bytes; long lists into rows of their own, so that nothing large is copied together.
///
/// Text goes through a small block that stays in the nearest cache and is appended when it is full.
struct JSONWriter: ~Copyable {
    /// The text before ``bytes``.
    private var earlier: [[UInt8]] = []
    private var bytes: [UInt8] = []
    private let memory: UnsafeMutableRawBufferPointer
    private let block: UnsafeMutablePointer<UInt8>
    private let blockSize: Int
    private var used = 0
    let numbers = NumberText()
    /// Writes the parts of a long list side by side; nil where nobody is there to help.
    let runner: PoolingPlan.SliceRunner?

    private static let largestBlockSize = 4096

    /// - Parameter byteCount: how long the text will be, about; no more than a first guess.
    init(expecting byteCount: Int = largestBlockSize, runner: PoolingPlan.SliceRunner? = nil) {
        self.runner = runner
        blockSize = min(max(byteCount, 256), Self.largestBlockSize)
        let size = blockSize + NumberText.maximumWidth
        let start: UnsafeMutableRawPointer
        (memory, start) = MemoryRecycler.shared.demand(byteCount: size)
        block = start.bindMemory(to: UInt8.self, capacity: size)
    }

    deinit { MemoryRecycler.shared.give(memory) }

    /// The text so far.
    consuming func finish() -> [UInt8] {
        flush()
        return earlier.isEmpty ? bytes : (earlier + [bytes]).flatMap(\.self)
    }

    /// The text so far, in rows that follow each other.
    consuming func finishInRows() -> [[UInt8]] {
        flush()
        earlier.append(bytes)
        return earlier
    }

    /// Appends whole texts.
    mutating func append(rows: [[UInt8]]) {
        flush()
        earlier.append(bytes)
        earlier += rows
        bytes = []
    }

    /// Makes room for about `count` more bytes, where the block has none.
    mutating func reserve(_ count: Int) {
        if used + count > blockSize { bytes.reserveCapacity(bytes.count + used + count) }
    }

    private mutating func flush() {
        bytes.append(contentsOf: UnsafeBufferPointer(start: block, count: used))
        used = 0
    }

    /// Lets `body` write at most ``NumberText/maximumWidth`` bytes and say how many count.
    @inline(__always)
    mutating func append(_ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        used &+= body(block + used)
        if used >= blockSize { flush() }
    }

    @inline(__always)
    mutating func append(_ character: UInt8) {
        append { text in
            text.pointee = character
            return 1
        }
    }

    @inline(__always)
    mutating func append(literal text: StaticString) {
        append(characters: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends text as it is, in pieces for which there always is room.
    @inline(__always)
    private mutating func append(characters: UnsafeBufferPointer<UInt8>) {
        guard var next = characters.baseAddress else { return }
        let end = next + characters.count
        while next < end {
            let count = min(end - next, NumberText.maximumWidth)
            append { room in
                room.update(from: next, count: count)
                return count
            }
            next += count
        }
    }

    @inline(__always)
    mutating func append<Element: TensorElement>(_ element: Element) {
        let numbers = numbers
        append { text in element.write(to: text, numbers) }
    }

    /// Appends what `body` appends to the bytes themselves.
    mutating func appendDirectly(_ body: (inout [UInt8]) -> Void) {
        flush()
        body(&bytes)
    }

    // MARK: Values

    mutating func append(_ fields: [Field]) {
        append(UInt8(ascii: "{"))
        for (index, field) in fields.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(name: field.name)
            append(field.value)
        }
        append(UInt8(ascii: "}"))
    }

    mutating func append(name: String) {
        append(name)
        append(UInt8(ascii: ":"))
    }

    mutating func append(_ value: FieldValue) {
        switch value {
        case .null: append(literal: "null")
        case .bool(let truth): append(literal: truth ? "true" : "false")
        case .number(let number): append(number)
        case .string(let string): append(string)
        case .list(let values): append(values)
        case .object(let fields): append(fields)
        }
    }

    private mutating func append(_ values: [FieldValue]) {
        append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(value)
        }
        append(UInt8(ascii: "]"))
    }

    mutating func append(_ sizes: [Int]) {
        append(UInt8(ascii: "["))
        for (index, size) in sizes.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(Int64(size))
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func append(_ number: FieldNumber) {
        if let whole = number.whole {
            for byte in String(whole).utf8 { append(byte) }
        } else {
            append(number.value)
        }
    }

    mutating func append(_ string: String) {
        append(UInt8(ascii: "\""))
        let isWritten = string.utf8.withContiguousStorageIfAvailable { appendPlain($0) }
        if isWritten != true { appendEscaped(string) }
        append(UInt8(ascii: "\""))
    }

    /// - Returns: false where the text needs escapes, and nothing is written.
    private mutating func appendPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        else { return false }
        append(characters: text)
        return true
    }

    private mutating func appendEscaped(_ string: String) {
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append(literal: "\\\"")
            case UInt8(ascii: "\\"): append(literal: "\\\\")
            case UInt8(ascii: "\n"): append(literal: "\\n")
            case UInt8(ascii: "\r"): append(literal: "\\r")
            case UInt8(ascii: "\t"): append(literal: "\\t")
            case ..<0x20: appendControl(byte)
            default: append(byte)
            }
        }
    }

    private mutating func appendControl(_ byte: UInt8) {
        append(literal: "\\u00")
        for digit in [byte >> 4, byte & 15] {
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
