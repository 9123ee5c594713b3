import PoolingEngine

/// The header before the bytes of the tensors.
///
/// | offset | bytes | content |
/// | --- | --- | --- |
/// | 0 | 8 | length of the JSON that follows, little-endian |
/// | 8 | length | `{"input":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},...}`, padded with white space |
struct SafetensorsHeader {
    /// Ours have a handful of tensors; the format itself allows 100 MB.
    static let longestText = 1 << 20
    private static let textStart = 8

    struct Entry {
        let path: TensorPath
        let elementType: ElementType
        let shape: [Int]
        /// Counted from the end of the header.
        let range: Range<Int>
    }

    /// In the order of their bytes.
    let entries: [Entry]
    /// Where the tensors begin.
    let byteCount: Int

    init(_ body: UnsafeRawBufferPointer) throws(WireError) {
        guard !body.isEmpty else { throw .malformed(.safetensors, offset: 0, detail: FileKind.emptyBody) }
        guard body.count >= Self.textStart else {
            throw Self.malformed("the file ends within its header", at: body.count)
        }
        let length = UInt64(littleEndian: body.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.longestText) else {
            throw Self.malformed(
                FileKind.mistake(expected: "a safetensors file", body)
                    ?? "the header has \(length) bytes; it may have at most \(Self.longestText)", at: 0)
        }
        byteCount = Self.textStart + Int(length)
        guard byteCount <= body.count else { throw Self.malformed("the file ends within its header", at: body.count) }
        let members = try Self.members(UnsafeRawBufferPointer(rebasing: body[Self.textStart..<byteCount]))
        var entries: [Entry] = []
        for member in members {
            if let entry = try Self.entry(member) { entries.append(entry) }
        }
        self.entries = entries.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        try checkCoverage(of: body.count - byteCount)
    }

    private static func members(_ text: UnsafeRawBufferPointer) throws(WireError) -> [Field] {
        guard text.first == UInt8(ascii: "{") else {
            throw malformed("the header does not begin with {", at: textStart)
        }
        do throws(WireError) {
            guard case .object(let members) = try JSONReader.value(of: text) else {
                throw malformed("expected a JSON object as header", at: textStart)
            }
            return members
        } catch .malformed(.json, let offset, let detail) {
            throw .malformed(
                .safetensors, offset: offset.map { $0 + textStart },
                detail: "the header, which starts at byte \(textStart), is not valid JSON: \(detail)")
        }
    }

    private static func entry(_ member: Field) throws(WireError) -> Entry? {
        guard member.name != "__metadata__" else {
            try checkMetadata(member.value)
            return nil
        }
        guard let path = TensorPath(label: member.name) else {
            let known = TensorName.all.map(\.rawValue).joined(separator: ", ")
            throw .rejected(
                PoolingError(
                    .unknownField, at: member.name,
                    "there is no tensor '\(member.name.prefix(64))'; known tensors are \(known)"
                        + NameHint.text(for: member.name, among: TensorName.all.map(\.rawValue), .fields)))
        }
        let reader = try SafetensorsEntryReader(member)
        return Entry(
            path: path, elementType: try reader.elementType(), shape: try reader.shape(), range: try reader.range())
    }

    private static func checkMetadata(_ value: FieldValue) throws(WireError) {
        guard case .object(let members) = value else {
            throw malformed("expected an object for __metadata__", at: textStart)
        }
        for member in members {
            guard case .string = member.value else {
                throw malformed("expected a string for '\(member.name.prefix(64))' in __metadata__", at: textStart)
            }
        }
    }

    /// The tensors lie one behind the other, and every byte belongs to one.
    private func checkCoverage(of available: Int) throws(WireError) {
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                throw Self.malformed(
                    "\(entry.path.text) begins at offset \(entry.range.lowerBound), not at \(end) where the tensor"
                        + " before it ends", at: byteCount)
            }
            guard TensorBytes.count(of: entry.elementType, shape: entry.shape) == entry.range.count else {
                throw Self.malformed(
                    "\(entry.path.text) of shape \(TensorBytes.text(entry.shape)) does not take the"
                        + " \(entry.range.count) bytes of its data_offsets", at: byteCount)
            }
            end = entry.range.upperBound
        }
        guard end == available else {
            throw Self.malformed(
                "the tensors take \(end) bytes, and \(available) follow the header", at: byteCount + min(end, available)
            )
        }
    }

    static func malformed(_ problem: String, at offset: Int) -> WireError {
        .malformed(.safetensors, offset: offset, detail: "\(problem) (byte \(offset))")
    }
}

/// Reads the header's words on one tensor.
private struct SafetensorsEntryReader {
    let name: String
    let members: [Field]

    init(_ member: Field) throws(WireError) {
        name = member.name
        guard case .object(let members) = member.value, members.count == 3 else {
            throw SafetensorsHeader.malformed(
                "expected an object of dtype, shape and data_offsets for '\(member.name.prefix(64))'", at: 8)
        }
        self.members = members
    }

    func elementType() throws(WireError) -> ElementType {
        guard case .string(let text) = try value("dtype") else { throw wrong("dtype") }
        guard let elementType = ElementTypeNames.safetensors.elementType(named: text) else {
            throw .rejected(
                PoolingError(
                    .unknownValue, at: name,
                    "the dtype of '\(name)' is '\(text.prefix(64))'; it must be "
                        + ElementTypeNames.safetensors.all.joined(separator: ", ")))
        }
        return elementType
    }

    func shape() throws(WireError) -> [Int] {
        try wholeNumbers("shape")
    }

    func range() throws(WireError) -> Range<Int> {
        let offsets = try wholeNumbers("data_offsets")
        guard offsets.count == 2, offsets[0] <= offsets[1] else { throw wrong("data_offsets") }
        return offsets[0]..<offsets[1]
    }

    private func wholeNumbers(_ key: String) throws(WireError) -> [Int] {
        guard case .list(let elements) = try value(key) else { throw wrong(key) }
        var numbers: [Int] = []
        for element in elements {
            guard case .number(let number) = element, let whole = number.whole, whole >= 0,
                let value = Int(exactly: whole)
            else { throw wrong(key) }
            numbers.append(value)
        }
        return numbers
    }

    private func value(_ key: String) throws(WireError) -> FieldValue {
        guard let member = members.first(where: { $0.name == key }) else { throw wrong(key) }
        return member.value
    }

    private func wrong(_ key: String) -> WireError {
        SafetensorsHeader.malformed("'\(key)' of '\(name)' is missing or of the wrong type", at: 8)
    }
}
