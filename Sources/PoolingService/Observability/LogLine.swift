/// One log line while it is written, in text (`name=value`) or as a JSON object.
struct LogLine {
    private(set) var bytes: [UInt8] = []
    private let format: LogFormat

    init(_ level: LogLevel, _ message: String, format: LogFormat) {
        self.format = format
        bytes.reserveCapacity(512)
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

    mutating func add(_ name: StaticString, _ value: Int) {
        addName(name)
        bytes.append(decimal: value)
    }

    mutating func add(_ name: StaticString, milliseconds nanoseconds: UInt64) {
        addName(name)
        bytes.append(milliseconds: nanoseconds)
    }

    /// The line with its end.
    consuming func finished() -> [UInt8] {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private mutating func addName(_ name: StaticString) {
        switch format {
        case .text:
            bytes.append(UInt8(ascii: " "))
            bytes.append(text: name)
            bytes.append(UInt8(ascii: "="))
        case .json:
            bytes.append(text: ",\"")
            bytes.append(text: name)
            bytes.append(text: "\":")
        }
    }

    /// A message keeps its spaces; what could end the line is replaced.
    private mutating func appendPlain(_ message: String) {
        for byte in message.utf8 { bytes.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte) }
    }

    /// Whether a value can stand in a text line without quotes.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty
            && value.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
                    && $0 != UInt8(ascii: "\\")
            }
    }
}
