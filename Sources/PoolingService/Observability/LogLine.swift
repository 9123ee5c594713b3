/// One log line while it is written, in text (`name=value`) or as a JSON object.
struct LogLine: ~Copyable {
    private var bytes: [UInt8]
    private let format: LogFormat

    /// - Parameter room: the lines before it, to be given back by ``finish(into:)``.
    init(_ level: LogLevel, _ message: String, format: LogFormat, in room: inout [UInt8]) {
        self.format = format
        bytes = room
        room = []
        switch format {
        case .text:
            Timestamp.append(to: &bytes)
            bytes.append(text: " ")
            bytes.append(text: level.rawValue)
            bytes.append(text: " ")
            appendPlain(message)
        case .json:
            bytes.append(text: "{\"time\":\"")
            Timestamp.append(to: &bytes)
            bytes.append(text: "\"")
            add("level", level.rawValue)
            add("message", message)
        }
    }

    mutating func add(_ name: StaticString, _ value: String) {
        addName(name)
        switch format {
        case .json: bytes.append(jsonString: value)
        case .text where Self.isPlain(value): bytes.append(text: value)
        case .text: bytes.append(jsonString: value)
        }
    }

    /// A value of our own making, or checked before: printable, without spaces, quotes, `=` and backslashes.
    mutating func add(_ name: StaticString, plain value: String) {
        addName(name)
        if format == .json { bytes.append(UInt8(ascii: "\"")) }
        bytes.append(text: value)
        if format == .json { bytes.append(UInt8(ascii: "\"")) }
    }

    mutating func add(_ name: StaticString, _ value: Int) {
        addName(name)
        bytes.append(decimal: value)
    }

    mutating func add(_ name: StaticString, milliseconds nanoseconds: UInt64) {
        addName(name)
        bytes.append(milliseconds: nanoseconds)
    }

    /// The sizes of a tensor: `8x64x112x112`; more dimensions than any layer has are left out.
    mutating func add(_ name: StaticString, shape: [Int]) {
        addName(name)
        // Digits and letters need no quotes in text; nothing at all does.
        let isQuoted = format == .json || shape.isEmpty
        if isQuoted { bytes.append(UInt8(ascii: "\"")) }
        for (axis, extent) in shape.prefix(16).enumerated() {
            if axis > 0 { bytes.append(UInt8(ascii: "x")) }
            bytes.append(decimal: extent)
        }
        if isQuoted { bytes.append(UInt8(ascii: "\"")) }
    }

    /// Ends the line and gives it back.
    consuming func finish(into room: inout [UInt8]) {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        swap(&bytes, &room)
    }

    private mutating func addName(_ name: StaticString) {
        bytes.append(addingCapacity: name.utf8CodeUnitCount + 4) { text in
            switch format {
            case .text:
                text.append(UInt8(ascii: " "))
                text.append(name)
                text.append(UInt8(ascii: "="))
            case .json:
                text.append(UInt8(ascii: ","))
                text.append(UInt8(ascii: "\""))
                text.append(name)
                text.append(UInt8(ascii: "\""))
                text.append(UInt8(ascii: ":"))
            }
        }
    }

    /// A message keeps its spaces; what could end the line is replaced.
    private mutating func appendPlain(_ message: String) {
        for byte in message.utf8 { bytes.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte) }
    }

    /// Whether a value needs no quotes in a text line.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty
            && value.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
                    && $0 != UInt8(ascii: "\\")
            }
    }
}
