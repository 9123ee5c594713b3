import PoolingEngine
import RecycledMemory

/// Writes JSON in rows of memory that are never copied together.
///
/// Text goes through a small block that stays in the nearest cache and is appended when it is full. Where memory is short,
/// or the writing is to be stopped, the rest of the text is dropped and ``finish()`` throws: so the loops that write
/// numbers need not look.
struct JSONWriter: ~Copyable {
    private var rows: ByteRows
    private let block: UnsafeMutablePointer<UInt8>
    private let blockSize: Int
    private var used = 0
    private var failure: WireError?
    let numbers = NumberText()
    let workspace: Workspace

    private static let largestBlockSize = 4096
    /// The most bytes that are written at a time, those past the end of a number among them.
    private static let room = max(NumberText.maximumWidth, FloatTexts.maximumWidth)

    /// - Parameter byteCount: how long the text will be, about; no more than a first guess.
    init(expecting byteCount: Int = largestBlockSize, in workspace: Workspace) {
        self.workspace = workspace
        rows = ByteRows(expecting: byteCount, in: workspace)
        blockSize = min(max(byteCount, 256), Self.largestBlockSize)
        block = UnsafeMutablePointer<UInt8>.allocate(capacity: blockSize + Self.room)
    }

    deinit { block.deallocate() }

    /// Whether written bytes are dropped.
    var hasFailed: Bool { failure != nil }

    /// The text.
    consuming func finish() throws(WireError) -> [Bytes] {
        if rows.byteCount == 0, failure == nil {
            // Most responses are short.
            return [Bytes(copying: UnsafeBufferPointer(start: block, count: used))]
        }
        flush()
        if let failure { throw failure }
        return rows.finish()
    }

    /// Appends a text that was written elsewhere.
    mutating func append(_ text: Result<[Bytes], WireError>) {
        flush()
        guard failure == nil else { return }
        do throws(WireError) {
            try rows.append(try text.get())
        } catch {
            failure = error
        }
    }

    private mutating func flush() {
        defer { used = 0 }
        guard failure == nil else { return }
        do throws(WireError) {
            try rows.append(UnsafeRawBufferPointer(start: block, count: used))
        } catch {
            failure = error
        }
    }

    /// Appends the base64 of `bytes`.
    mutating func append(base64 bytes: UnsafeRawBufferPointer) {
        flush()
        let piece = blockSize / 4 * 3
        for start in stride(from: 0, to: bytes.count, by: piece) where !hasFailed {
            used = Base64.encode(
                UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + piece, bytes.count)]),
                into: UnsafeMutableBufferPointer(start: block, count: blockSize))
            flush()
        }
    }

    /// Lets `body` write at most ``room`` bytes and say how many count.
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
            let count = min(end - next, Self.room)
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
