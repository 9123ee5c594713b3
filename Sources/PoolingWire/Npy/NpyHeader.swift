import PoolingEngine

/// The header before the elements of a `.npy` file.
///
/// | offset | bytes | content |
/// | --- | --- | --- |
/// | 0 | 6 | `\x93NUMPY` |
/// | 6 | 2 | version: 1.0, 2.0 or 3.0 |
/// | 8 | 2, from version 2 on 4 | length of the text that follows, little-endian |
/// | 10 or 12 | length | a Python dictionary: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, then white space |
struct NpyHeader {
    static let magic = [0x93] + Array("NUMPY".utf8)
    /// The longest text of a version 1 header; no sane array needs more in the later versions.
    static let longestText = 65535
    /// numpy aligns the elements to this.
    static let alignment = 64

    let elementType: ElementType
    let isBigEndian: Bool
    let isFortranOrder: Bool
    let shape: [Int]
    /// Where the elements begin.
    let byteCount: Int

    /// Reads the header at the start of `body`.
    init(_ body: UnsafeRawBufferPointer) throws(WireError) {
        let text = try Self.textRange(body)
        var reader = PythonReader(body, range: text)
        let (description, isFortranOrder, shape) = try Self.members(&reader)
        (elementType, isBigEndian) = try Self.type(description)
        self.isFortranOrder = isFortranOrder
        self.shape = shape
        self.byteCount = text.upperBound
    }

    private static func textRange(_ body: UnsafeRawBufferPointer) throws(WireError) -> Range<Int> {
        guard !body.isEmpty else { throw .malformed(.npy, offset: 0, detail: FileKind.emptyBody) }
        let hasMagic = body.prefix(6).elementsEqual(magic)
        guard hasMagic || body.count < 6 else {
            throw malformed(FileKind.mistake(expected: "an npy file", body) ?? "this is not an npy file", at: 0)
        }
        guard body.count >= 10 else { throw malformed("the file ends within its header", at: body.count) }
        guard (1...3).contains(body[6]), body[7] == 0 else {
            throw malformed("npy version \(body[6]).\(body[7]) is not supported; versions are 1.0, 2.0 and 3.0", at: 6)
        }
        let start = body[6] == 1 ? 10 : 12
        guard body.count >= start else { throw malformed("the file ends within its header", at: body.count) }
        let length =
            body[6] == 1
            ? Int(UInt16(littleEndian: body.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
            : Int(UInt32(littleEndian: body.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        guard length <= longestText else {
            throw malformed("the header has \(length) bytes; it may have at most \(longestText)", at: 8)
        }
        guard length <= body.count - start else { throw malformed("the file ends within its header", at: body.count) }
        return start..<start + length
    }

    private static func members(
        _ reader: inout PythonReader
    ) throws(WireError) -> (description: String, isFortranOrder: Bool, shape: [Int]) {
        var (description, isFortranOrder, shape): (String?, Bool?, [Int]?)
        try reader.take("{")
        while !reader.takeIfNext("}") {
            let start = reader.position
            let key = try reader.takeString()
            try reader.take(":")
            switch key {
            case "descr" where description == nil: description = try reader.takeString()
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try reader.takeBool()
            case "shape" where shape == nil: shape = try reader.takeTuple()
            default: throw malformed("the key '\(key.prefix(64))' is unknown or there twice", at: start)
            }
            guard reader.takeIfNext(",") || reader.isNext("}") else { throw reader.unexpected("',' or '}'") }
        }
        try reader.takeEnd()
        guard let description, let isFortranOrder, let shape else {
            throw malformed("the header needs 'descr', 'fortran_order' and 'shape'", at: reader.position)
        }
        return (description, isFortranOrder, shape)
    }

    static func malformed(_ problem: String, at offset: Int) -> WireError {
        .malformed(.npy, offset: offset, detail: "\(problem) (byte \(offset))")
    }
}

extension NpyHeader {
    /// A version 1 header for a tensor in C order, or nil where npy has no such type.
    static func bytes(for tensor: Tensor) -> [UInt8]? {
        guard let description = description(of: tensor.elementType) else { return nil }
        let extents = tensor.shape.map(String.init).joined(separator: ", ")
        let tuple = tensor.rank == 1 ? "(\(extents),)" : "(\(extents))"
        let text = "{'descr': '\(description)', 'fortran_order': False, 'shape': \(tuple), }"
        let unpadded = magic.count + 4 + text.utf8.count + 1
        let padding = (alignment - unpadded % alignment) % alignment
        let length = UInt16(text.utf8.count + padding + 1)
        return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
            + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    }
}
