import MicroHTTP
import PoolingEngine
import PoolingWire

/// Compresses responses for clients that ask for it, where it is worth the time.
enum ResponseCompression {
    /// Smaller bodies fit into a packet or two as they are.
    private static let smallestByteCount = 1024
    /// Large bodies are tried on this many bytes first: most tensors of floats hardly shrink, and take long to try.
    private static let sampleByteCount = 64 << 10
    /// In quarters of the size before.
    private static let worthwhileQuarters = 3

    /// Compresses the body of `response` with what the client likes best, where there is memory for it.
    static func apply(to response: inout HTTPResponse, _ reservation: Reservation) {
        let byteCount = response.body.byteCount
        guard byteCount >= smallestByteCount else { return }
        response.headers.append(("Vary", "Accept-Encoding"))
        guard let acceptEncoding = reservation.record.headers.acceptEncoding,
            let encoding = preferred(by: acceptEncoding), (try? reservation.grow(by: byteCount)) != nil
        else { return }
        let body = response.body.encoded
        guard byteCount <= sampleByteCount || isWorthwhile(encoding, body.prefix(sampleByteCount)),
            let compressed = encoding.compress(body), compressed.byteCount < byteCount
        else { return }
        response.body = HTTPResponse.Body(compressed)
        response.headers.append(("Content-Encoding", encoding.rawValue))
    }

    /// The coding of the highest quality, of equals the quickest; nil where no coding at all is liked better.
    static func preferred(by acceptEncoding: String) -> ContentEncoding? {
        let elements = QualityList(acceptEncoding).elements
        func quality(of name: String) -> Double? {
            (elements.first { $0.value == name } ?? elements.first { $0.value == "*" })?.quality
        }
        let byPreference: [ContentEncoding] = [.zstd, .gzip, .deflate]
        let ranked = byPreference.map { (encoding: $0, quality: quality(of: $0.rawValue) ?? 0) }
        let best = ranked.reduce(ranked[0]) { $1.quality > $0.quality ? $1 : $0 }
        let plain = elements.first { $0.value == "identity" }?.quality ?? 0
        return best.quality > 0 && best.quality >= plain ? best.encoding : nil
    }

    private static func isWorthwhile(_ encoding: ContentEncoding, _ sample: EncodedBody) -> Bool {
        guard let compressed = encoding.compress(sample) else { return false }
        return compressed.byteCount * 4 <= sample.byteCount * worthwhileQuarters
    }
}

extension EncodedBody {
    /// The first `byteCount` bytes, not copied.
    fileprivate func prefix(_ byteCount: Int) -> EncodedBody {
        var rest = byteCount
        var pieces: [TensorStorage] = []
        for piece in self.pieces where rest > 0 {
            let start = piece.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0.prefix(rest)) }
            pieces.append(TensorStorage(viewing: start, owner: piece))
            rest -= start.count
        }
        return EncodedBody(pieces)
    }
}
