import CPNGSupport
package import PoolingEngine
package import RecycledMemory

/// Pictures (`image/png`).
package enum PNGCodec {
    /// Reads a picture as the main tensor: `[height, width, channels]` of uint8, or uint16 where samples have 16 bits.
    ///
    /// Grey has 1 channel, with alpha 2, colour 3, with alpha 4. Palettes are expanded to colours, bits below 8 to the
    /// whole range of a byte, and a transparent colour to an alpha channel. Gamma and colour profiles change nothing.
    /// `layout` is `channels_last`, which need not be said.
    ///
    /// - Parameter limit: more bytes of pixels than this are rejected before memory is taken for them.
    /// - Throws: `malformed_png`, also for any wrong check sum and for bytes behind the picture; rejections of too many
    ///   pixels and of another `layout`.
    package static func decode(
        _ body: Bytes, limit: Int, parameters: RequestParameters, as endpoint: PoolingRequest.Endpoint,
        in workspace: Workspace = Workspace()
    ) throws(WireError) -> PoolingRequest {
        let picture = try body.withUnsafeBytes { (bytes) throws(WireError) in
            try pixels(of: bytes, limit: limit, in: workspace)
        }
        var request = try parameters.request(
            endpoint, tensors: [TensorName.main(of: endpoint): picture], in: workspace)
        try implyChannelsLast(&request.fields)
        request.isPicture = endpoint == .forward
        return request
    }

    private static func pixels(
        of bytes: UnsafeRawBufferPointer, limit: Int, in workspace: Workspace
    ) throws(WireError) -> Tensor {
        let reader = try PNGReader(bytes, in: workspace)
        let byteCount = TensorBytes.count(of: reader.elementType, shape: reader.shape)
        guard let byteCount, byteCount <= limit else {
            throw .rejected(
                PoolingError(
                    .resultTooLarge, at: "",
                    "a picture of \(reader.shape) \(reader.elementType.rawValue) is larger than \(limit) bytes"))
        }
        return try reader.pixels(byteCount: byteCount)
    }

    /// Where a picture says how large it is: width, height, and what a pixel has.
    private static let sizeRange = 16..<26

    /// How many bytes the pixels will take at most, by what the picture says of itself; nothing is checked.
    package static func announcedByteCount(_ body: Bytes) -> Int? {
        guard body.count >= sizeRange.upperBound else { return nil }
        return body.withUnsafeBytes { announcedByteCount($0) }
    }

    private static func announcedByteCount(_ body: UnsafeRawBufferPointer) -> Int {
        let width = UInt32(bigEndian: body.loadUnaligned(fromByteOffset: sizeRange.lowerBound, as: UInt32.self))
        let height = UInt32(bigEndian: body.loadUnaligned(fromByteOffset: sizeRange.lowerBound + 4, as: UInt32.self))
        let largestPixel: UInt64 = 4 * (body[sizeRange.lowerBound + 8] == 16 ? 2 : 1)
        let (byteCount, overflow) = (UInt64(width) * UInt64(height)).multipliedReportingOverflow(by: largestPixel)
        return overflow ? .max : Int(clamping: byteCount)
    }

    private static func implyChannelsLast(_ fields: inout [Field]) throws(WireError) {
        if let layout = fields.first(where: { $0.name == "layout" }) {
            guard case .string(let name) = layout.value, AxisChoice.areSame(layout.value, .string("channels_first"))
            else { return }
            throw .rejected(
                PoolingError(
                    .unsupportedCombination, at: "layout", "a picture is channels_last; 'layout' is '\(name)'"))
        }
        // Explicit axes leave nothing for a layout to say, and rows have none.
        let isTold = fields.contains { field in
            guard field.name == "region", case .string(let region) = field.value else { return field.name == "axes" }
            return !PoolingCatalog.takesLayout(region: region)
        }
        guard !isTold else { return }
        fields.append(Field("layout", .string("channels_last")))
    }

    /// Writes the one tensor of `result`: uint8 or uint16, `[height, width]` or `[height, width, 1...4]`.
    package static func encode(
        _ result: PoolingResult, in workspace: Workspace = Workspace()
    ) throws(EncodingFailure) -> [Bytes] {
        let tensors = result.labelledTensors
        guard tensors.count == 1, let tensor = tensors.first?.tensor else {
            let names = tensors.map(\.label).joined(separator: " and ")
            throw .rejected(
                EncodingRejection(
                    "a PNG holds one tensor; the response has \(names)",
                    alternatives: [MediaType.safetensors, MediaType.json]))
        }
        guard let layout = layout(of: tensor) else {
            throw .rejected(
                EncodingRejection(
                    "a PNG holds uint8 or uint16 with 1 to 4 channels; the response is "
                        + "\(tensor.elementType.rawValue) \(tensor.shape)",
                    alternatives: [MediaType.npy, MediaType.safetensors, MediaType.json]))
        }
        return try write(tensor, layout, in: workspace)
    }

    private static func layout(of tensor: Tensor) -> cpng_layout? {
        let shape = tensor.rank == 2 ? tensor.shape + [1] : tensor.shape
        guard tensor.elementType == .uint8 || tensor.elementType == .uint16, shape.count == 3,
            (1...4).contains(shape[2]), let height = extent(shape[0]), let width = extent(shape[1])
        else { return nil }
        return cpng_layout(
            width: width, height: height, channels: UInt8(shape[2]), bytes_per_sample: UInt8(tensor.elementType.size))
    }

    /// PNG counts pixels from 1 to 2^31 - 1.
    private static func extent(_ extent: Int) -> UInt32? {
        (1...Int(Int32.max)).contains(extent) ? UInt32(extent) : nil
    }

    private static func write(
        _ tensor: Tensor, _ layout: cpng_layout, in workspace: Workspace
    ) throws(EncodingFailure) -> [Bytes] {
        let host = PNGHost(expecting: tensor.byteCount / 4, in: workspace)
        var failure = cpng_failure()
        let isWritten = tensor.storage.withUnsafeBytes { pixels in
            cpng_write(pixels.bindMemory(to: UInt8.self).baseAddress, layout, host.callbacks, &failure)
        }
        if isWritten { return host.finish() }
        if failure.is_stopped { throw .wire(.stopped) }
        if let error = host.failure { throw .wire(error) }
        throw .rejected(
            EncodingRejection(
                "the picture cannot be written: \(failure.text)", alternatives: [MediaType.npy, MediaType.json]))
    }
}
