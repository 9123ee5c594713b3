import PoolingEngine
import RecycledMemory
import Testing

@testable import PoolingWire

@Suite struct PNGCodecTests {
    private func request(
        _ bytes: [UInt8], limit: Int = 1 << 20, fields: [Field] = []
    ) throws(WireError) -> PoolingRequest {
        let parameters = try RequestParameters(fields)
        return try decoding(bytes) { (body) throws(WireError) in
            try PNGCodec.decode(body, limit: limit, parameters: parameters, as: .forward)
        }
    }

    private func tensor(_ bytes: [UInt8]) throws -> Tensor {
        try #require(try request(bytes).tensors[.input])
    }

    @Test func `every kind of picture becomes height, width and channels`() throws {
        let grey = try tensor(FormatFixtures.pngGrey)
        #expect(grey.shape == [2, 3, 1])
        #expect(grey.bytes == [0, 128, 255, 1, 2, 3])
        let colour = try tensor(FormatFixtures.pngColour)
        #expect(colour.shape == [2, 2, 3])
        #expect(colour.bytes == Array(0..<12))
        let alpha = try tensor(FormatFixtures.pngAlpha)
        #expect(alpha.shape == [2, 2, 4])
        #expect(alpha.bytes == Array(0..<16))
        let greyAlpha = try tensor(FormatFixtures.pngGreyAlpha)
        #expect(greyAlpha.shape == [2, 2, 2])
        #expect(greyAlpha.bytes == Array(0..<8))
    }

    private static let others: [([UInt8], String)] = [
        ([0xff, 0xd8, 0xff, 0xdb], "a JPEG"), ("GIF89a".bytes, "a GIF"), ("BM6".bytes, "a BMP"),
        ("RIFF1234WEBPVP8 ".bytes, "a WebP"), ("II*\0".bytes, "a TIFF"),
        ("\0\0\0\u{1c}ftypavif".bytes, "an AVIF, HEIC or MP4 file"),
    ]

    @Test(arguments: others)
    func `a picture of another kind is called what it is`(_ start: [UInt8], _ kind: String) {
        let body = start + [UInt8](repeating: 0, count: 32)
        let detail = mistake { () throws(WireError) in _ = try request(body) }?.detail
        #expect(detail == "expected a PNG, got \(kind); convert it to PNG (byte 0)")
    }

    @Test(arguments: ["no picture", "x", "\u{89}PNG"])
    func `a body without the signature is no PNG, damaged or not`(_ body: String) {
        let detail = mistake { () throws(WireError) in _ = try request(body.bytes) }?.detail
        #expect(detail == "the body is not a PNG: it does not start with its signature (byte 0)")
    }

    @Test func `16 bits become uint16`() throws {
        let tensor = try tensor(FormatFixtures.png16)
        #expect(tensor.elementType == .uint16)
        #expect(tensor.elements() == [1, 256, 65535, 513] as [UInt16])
    }

    @Test func `palettes and single bits are expanded`() throws {
        let palette = try tensor(FormatFixtures.pngPalette)
        #expect(palette.shape == [2, 2, 3])
        #expect(palette.bytes == [10, 20, 30, 40, 50, 60, 40, 50, 60, 10, 20, 30])
        #expect(try tensor(FormatFixtures.pngBits).bytes == [255, 0])
    }

    @Test func `interlaced pictures are put together`() throws {
        #expect(try tensor(FormatFixtures.pngInterlaced).bytes == Array(0..<9))
    }

    @Test func `a bomb is rejected before memory is taken`() {
        let error = mistake { () throws(WireError) in _ = try request(FormatFixtures.pngBomb, limit: .max) }
        #expect(error?.rejection?.reason == .resultTooLarge)
        let small = mistake { () throws(WireError) in _ = try request(FormatFixtures.pngColour, limit: 11) }
        #expect(small?.rejection?.reason == .resultTooLarge)
        #expect(mistake { () throws(WireError) in _ = try request(FormatFixtures.pngColour, limit: 12) } == nil)
    }

    @Test(arguments: [1, 2, 3, 9], [false, true])
    func `compressed data may follow the last row for a kilobyte, not more`(_ height: Int, isInterlaced: Bool) throws {
        let allowed = try request(Self.columnOfZeros(height, isInterlaced: isInterlaced, emptyBlocks: 100))
        #expect(allowed.tensors[.input]?.bytes == [UInt8](repeating: 0, count: height))
        let long = Self.columnOfZeros(height, isInterlaced: isInterlaced, emptyBlocks: 700)
        let error = mistake { () throws(WireError) in _ = try request(long) }
        #expect(error?.malformation == .png && "\(String(describing: error))".contains("follows the last row"))
    }

    /// A picture one pixel wide, whose deflate stream has blocks without any byte behind its rows.
    private static func columnOfZeros(_ height: Int, isInterlaced: Bool, emptyBlocks: Int) -> [UInt8] {
        let rows = [UInt8](repeating: 0, count: 2 * height)
        let stored = [0, UInt8(rows.count), 0, ~UInt8(rows.count), 0xff] + rows
        let empty = [[UInt8]](repeating: [0, 0, 0, 0xff, 0xff], count: emptyBlocks).joined()
        let checksum = bigEndian(UInt32(rows.count) << 16 | 1)
        let stream = [0x78, 0x01] + stored + empty + [1, 0, 0, 0xff, 0xff] + checksum
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
            + chunk("IHDR", bigEndian(1) + bigEndian(UInt32(height)) + [8, 0, 0, 0, isInterlaced ? 1 : 0])
            + chunk("IDAT", stream) + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        let checksum = body.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        return bigEndian(UInt32(data.count)) + body + bigEndian(~checksum)
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    @Test func `layout is channels_last unless axes say all`() throws {
        let layout = Field("layout", .string("channels_last"))
        #expect(try request(FormatFixtures.pngGrey).fields == [layout])
        #expect(try request(FormatFixtures.pngGrey, fields: [layout]).fields == [layout])
        let axes = Field("axes", .list([.number(FieldNumber(0))]))
        #expect(try request(FormatFixtures.pngGrey, fields: [axes]).fields == [axes])
        let first = Field("layout", .string("NCHW"))
        let error = mistake { () throws(WireError) in _ = try request(FormatFixtures.pngGrey, fields: [first]) }
        #expect(error?.rejection?.field == "layout")
    }

    @Test(arguments: [FormatFixtures.pngGrey, FormatFixtures.pngPalette, FormatFixtures.pngInterlaced])
    func `every prefix and every changed bit is malformed`(_ file: [UInt8]) {
        expectEveryPrefixRejected(file) { (body) throws(WireError) in
            _ = try PNGCodec.decode(body, limit: 1 << 20, parameters: .none, as: .forward)
        }
        for bit in 0..<file.count * 8 {
            var damaged = file
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(mistake { () throws(WireError) in _ = try request(damaged) } != nil, "bit \(bit)")
        }
        let longer = file + [0]
        #expect(mistake { () throws(WireError) in _ = try request(longer) }?.malformation == .png)
    }

    @Test func `damaged files do no harm`() {
        let rejected = rejectedMutations(of: FormatFixtures.pngAlpha) { (body) throws(WireError) in
            _ = try PNGCodec.decode(body, limit: 1 << 20, parameters: .none, as: .forward)
        }
        #expect(rejected > 1900)
    }

    @Test(arguments: [ElementType.uint8, .uint16], [1, 2, 3, 4])
    func `what is written can be read`(_ elementType: ElementType, _ channels: Int) throws {
        let count = 5 * 7 * channels
        let written =
            elementType == .uint8
            ? Tensor.of(.uint8, [5, 7, channels], (0..<count).map { UInt8($0) })
            : Tensor.of(.uint16, [5, 7, channels], (0..<count).map { UInt16($0 * 400) })
        let read = try tensor(try PNGCodec.encode(PoolingResult(tensors: [.init(.output, written)])).joined())
        #expect(read.shape == written.shape)
        #expect(read.bytes == written.bytes)
    }

    @Test func `a plane without channels is written as grey`() throws {
        let plane = Tensor.of(.uint8, [2, 3], [1, 2, 3, 4, 5, 6] as [UInt8])
        let read = try tensor(try PNGCodec.encode(PoolingResult(tensors: [.init(.output, plane)])).joined())
        #expect(read.shape == [2, 3, 1])
        #expect(read.bytes == plane.bytes)
    }

    @Test(arguments: [(ElementType.float32, [2, 2, 1]), (.uint8, [2, 2, 5]), (.uint8, [4]), (.uint8, [0, 2, 1])])
    func `what is no picture is left to other formats`(_ elementType: ElementType, _ shape: [Int]) {
        let result = PoolingResult(tensors: [.init(.output, Tensor(elementType: elementType, shape: shape))])
        #expect(throws: EncodingFailure.self) { try PNGCodec.encode(result) }
    }
}
