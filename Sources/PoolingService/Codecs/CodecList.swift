/// The wire formats of tensors, and who gets which.
package struct CodecList: Sendable {
    /// In order of preference; the first is spoken where nothing else is asked for.
    package static let standard = CodecList([
        JSONTensorCodec()
    ])

    private let codecs: [any TensorCodec]

    package init(_ codecs: [any TensorCodec]) { self.codecs = codecs }

    /// The media types that are answered with, one a codec.
    package var answered: [String] { codecs.compactMap(\.mediaTypes.first) }

    /// The codec that reads a body of that `Content-Type`; none at all means the first.
    func decoder(contentType: String?) throws(Failure) -> any TensorCodec {
        guard let contentType else { return try first() }
        let type = MediaType(contentType).text
        guard let codec = codecs.first(where: { $0.mediaTypes.contains(type) }) else {
            throw .unsupportedMediaType(type, spoken: answered)
        }
        return codec
    }

    /// The codec that writes the answer; without a preference the one that read the request.
    func encoder(accept: String?, requestCodec: any TensorCodec) throws(Failure) -> any TensorCodec {
        guard let accept, accept != "*/*" else { return requestCodec }
        let header = AcceptHeader(accept)
        var best = (codec: requestCodec, quality: header.quality(of: requestCodec.mediaTypes.first ?? ""))
        for codec in codecs {
            let quality = header.quality(of: codec.mediaTypes.first ?? "")
            if quality > best.quality { best = (codec, quality) }
        }
        guard best.quality > 0 else {
            let spoken = answered.joined(separator: ", ")
            throw .notAcceptable(detail: "none of '\(accept.prefix(200))' can be answered; accept \(spoken)")
        }
        return best.codec
    }

    private func first() throws(Failure) -> any TensorCodec {
        guard let codec = codecs.first else { throw .internal }
        return codec
    }
}
