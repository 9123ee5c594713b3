import CPNGSupport
import PoolingEngine

/// A picture that is being read by libpng.
struct PNGReader: ~Copyable {
    private let reader: OpaquePointer
    let layout: cpng_layout

    /// Reads everything before the pixels of the picture in `bytes`, which must outlive this reader.
    init(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
        guard !bytes.isEmpty else { throw .malformed(.png, offset: 0, detail: FileKind.emptyBody) }
        if let kind = FileKind.name(of: bytes), kind != "a PNG" {
            throw .malformed(.png, offset: 0, detail: "expected a PNG, got \(kind); convert it to PNG (byte 0)")
        }
        var failure = cpng_failure()
        var layout = cpng_layout()
        guard let reader = cpng_reader_create(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) else {
            throw PNGReader.malformed(failure)
        }
        guard cpng_reader_begin(reader, &layout, &failure) else {
            cpng_reader_destroy(reader)
            throw PNGReader.malformed(failure)
        }
        self.reader = reader
        self.layout = layout
    }

    deinit { cpng_reader_destroy(reader) }

    var elementType: ElementType { layout.bytes_per_sample == 2 ? .uint16 : .uint8 }
    var shape: [Int] { [Int(layout.height), Int(layout.width), Int(layout.channels)] }

    /// Reads the pixels, whose byte count has been checked, and the rest of the file.
    consuming func pixels() throws(WireError) -> Tensor {
        let tensor = Tensor(elementType: elementType, shape: shape)
        var failure = cpng_failure()
        let isComplete = tensor.storage.withUnsafeMutableBytes { bytes in
            guard let pixels = bytes.bindMemory(to: UInt8.self).baseAddress else { return false }
            return cpng_reader_finish(reader, pixels, &failure)
        }
        guard isComplete else { throw PNGReader.malformed(failure) }
        return tensor
    }

    private static func malformed(_ failure: cpng_failure) -> WireError {
        .malformed(
            .png, offset: failure.offset,
            detail: "the PNG is damaged: \(failure.text) (at or before byte \(failure.offset))")
    }
}

extension cpng_failure {
    /// libpng's words.
    var text: String {
        withUnsafeBytes(of: message) { bytes in
            let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            return text.isEmpty ? "not enough memory" : text
        }
    }
}
