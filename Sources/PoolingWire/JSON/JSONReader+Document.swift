import PoolingEngine

extension JSONReader {
    /// Takes the whole body, which must be one object; `body` takes the value of each member.
    mutating func takeDocument(
        _ body: (inout JSONReader, String) throws(WireError) -> Void
    ) throws(WireError) {
        guard !bytes.isEmpty else { throw .malformed(.json, offset: 0, detail: FileKind.emptyBody) }
        skipWhitespace()
        if next != UInt8(ascii: "{") || bytes.count > 1 && bytes[1] == 0, let mistake = FileKind.text(bytes) {
            throw malformed(at: 0, mistake)
        }
        if next == UInt8(ascii: "{") {
            try takeMembers(body)
        } else {
            if next != UInt8(ascii: "["),
                let mistake = FileKind.mistake(expected: "JSON", UnsafeRawBufferPointer(bytes))
            {
                throw malformed(at: 0, mistake + "; name its type in Content-Type or Content-Encoding")
            }
            let kind = next == UInt8(ascii: "[") ? "a list" : "another value"
            try skipValue()
            reject(PoolingError(.wrongType, at: "", "expected a JSON object, got \(kind)"), at: 0)
        }
        try takeEnd()
    }

    /// Reads one value that is all of `text`.
    static func value(of text: [UInt8]) throws(WireError) -> FieldValue {
        try text.withUnsafeBufferPointer { (bytes) throws(WireError) in
            try value(of: UnsafeRawBufferPointer(bytes))
        }
    }

    /// Reads one value that is all of `text`.
    static func value(of text: UnsafeRawBufferPointer) throws(WireError) -> FieldValue {
        var reader = JSONReader(text)
        reader.skipWhitespace()
        let value = try reader.takeValue()
        try reader.takeEnd()
        try reader.throwRejection()
        return value
    }
}
