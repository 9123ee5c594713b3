import CPNGSupport
import PoolingEngine
import RecycledMemory

/// A picture that is being read by libpng.
struct PNGReader: ~Copyable {
    static let signature: [UInt8] = [0x89] + Array("PNG\r\n".utf8) + [0x1a, 0x0a]

    private let reader: OpaquePointer
    private let host: PNGHost
    private let workspace: Workspace
    let layout: cpng_layout

    /// Reads everything before the pixels of the picture in `bytes`, which must outlive this reader.
    init(_ bytes: UnsafeRawBufferPointer, in workspace: Workspace) throws(WireError) {
        guard !bytes.isEmpty else { throw .malformed(.png, offset: 0, detail: FileKind.emptyBody) }
        if let kind = FileKind.name(of: bytes), kind != "a PNG" {
            throw .malformed(.png, offset: 0, detail: "expected a PNG, got \(kind); convert it to PNG (byte 0)")
        }
        guard bytes.prefix(Self.signature.count).elementsEqual(Self.signature.prefix(bytes.count)) else {
            throw .malformed(
                .png, offset: 0, detail: "the body is not a PNG: it does not start with its signature (byte 0)")
        }
        let host = PNGHost(in: workspace)
        var failure = cpng_failure()
        var layout = cpng_layout()
        guard
            let reader = cpng_reader_create(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, host.callbacks)
        else { throw host.failure ?? .memory(.system) }
        guard cpng_reader_begin(reader, &layout, &failure) else {
            cpng_reader_destroy(reader)
            throw Self.error(failure, host)
        }
        self.reader = reader
        self.host = host
        self.workspace = workspace
        self.layout = layout
    }

    deinit { cpng_reader_destroy(reader) }

    var elementType: ElementType { layout.bytes_per_sample == 2 ? .uint16 : .uint8 }
    var shape: [Int] { [Int(layout.height), Int(layout.width), Int(layout.channels)] }

    /// Reads the pixels, which take `byteCount` bytes, and the rest of the file.
    consuming func pixels(byteCount: Int) throws(WireError) -> Tensor {
        let block = try workspace.block(byteCount)
        var failure = cpng_failure()
        let isRead = block.withUnsafeMutableBytes { pixels in
            pixels.bindMemory(to: UInt8.self).baseAddress.map { cpng_reader_finish(reader, $0, &failure) } ?? false
        }
        guard isRead else { throw Self.error(failure, host) }
        return Tensor(elementType: elementType, shape: shape, storage: Bytes(block))
    }

    private static func error(_ failure: cpng_failure, _ host: PNGHost) -> WireError {
        if failure.is_stopped { return .stopped }
        if let error = host.failure { return error }
        return .malformed(
            .png, offset: failure.offset,
            detail: "the PNG is damaged: \(failure.text) (at or before byte \(failure.offset))")
    }
}

extension cpng_failure {
    /// libpng's words.
    var text: String {
        withUnsafeBytes(of: message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
