/// A list of wire formats of tensors, and the choice among them.
extension [any TensorCodec] {
    /// In order of preference; the first is spoken where nothing else is asked for.
    ///
    /// - Parameter bodyLimit: bytes that a body may have once it is unpacked.
    package static func standard(bodyLimit: Int) -> [any TensorCodec] {
        [JSONTensorCodec(), NpyTensorCodec(), SafetensorsTensorCodec(), PNGTensorCodec(bodyLimit: bodyLimit)]
    }

    /// The media types of responses, one per codec.
    package var responseTypes: [String] { map { $0.mediaType } }

    /// The codec that reads a body of that `Content-Type`; none at all means the first.
    func decoder(contentType: String?) throws(Failure) -> any TensorCodec {
        guard let contentType else { return try standard() }
        // Nearly always it is the plain name of a media type.
        if let codec = decoder(ofType: contentType) { return codec }
        let type = MediaType(contentType).text
        guard let codec = decoder(ofType: type) else { throw .unsupportedMediaType(type, spoken: responseTypes) }
        return codec
    }

    private func decoder(ofType mediaType: String) -> (any TensorCodec)? {
        // Few, so that comparing finds one faster than hashing.
        first { $0.mediaTypes.contains(mediaType) }
    }

    /// The codecs that may write the response, best first; without a preference only that of the media type `standard`.
    ///
    /// Which of several will do shows when there is a result, because not every format can hold every result.
    func encoders(accept: String?, standard: String) throws(Failure) -> [any TensorCodec] {
        guard let first = decoder(ofType: standard) else { throw .internal }
        guard let accept, accept != "*/*" else { return [first] }
        let header = AcceptHeader(accept)
        let others = filter { $0.mediaType != first.mediaType }
        // Sorting is stable: of equals, the standard goes first.
        let ranked = ([first] + others)
            .map { (codec: $0, quality: header.quality(of: $0.mediaType)) }
            .filter { $0.quality > 0 }
            .sorted { $0.quality > $1.quality }
        guard !ranked.isEmpty else {
            let spoken = responseTypes.joined(separator: ", ")
            throw .notAcceptable(
                detail: "Accept '\(accept.prefix(200))' matches no format of this response; accept \(spoken)")
        }
        return ranked.map(\.codec)
    }

    private func standard() throws(Failure) -> any TensorCodec {
        guard let codec = first else { throw .internal }
        return codec
    }
}
