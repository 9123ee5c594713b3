import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// Compresses responses for clients that ask for it, where it is worth the time.
enum ResponseCompression {
    /// Smaller bodies fit into a packet or two as they are.
    private static let smallestByteCount = 1024
    /// Large bodies are tried on this many bytes first: most tensors of floats hardly shrink, and take long to try.
    private static let sampleByteCount = 64 << 10
    /// In quarters of the size before.
    private static let worthwhileQuarters = 3

    /// More takes longer than a connection's thread should be held: gzip takes some 10 ns a byte.
    private static let longByteCount = 16 << 10

    /// Compresses `response` as ``apply(to:_:_:)`` does, unless that takes long.
    ///
    /// - Returns: whether it does not.
    static func applyIfShort(to response: inout HTTPResponse, _ headers: RequestHeaders) -> Bool {
        guard response.body.byteCount <= longByteCount || headers.acceptEncoding.flatMap(preferred) == nil else {
            return false
        }
        // Nothing stops it, so it throws nothing.
        try? apply(to: &response, headers, Workspace())
        return true
    }

    /// Compresses the body of `response` with the coding that the client prefers, where there is memory for it.
    ///
    /// - Throws: only where the work was stopped.
    static func apply(
        to response: inout HTTPResponse, _ headers: RequestHeaders, _ workspace: Workspace
    ) throws(Failure) {
        let byteCount = response.body.byteCount
        guard byteCount >= smallestByteCount else { return }
        response.headers.append(("Vary", "Accept-Encoding"))
        guard let encoding = headers.acceptEncoding.flatMap(preferred) else { return }
        let body = response.body
        do throws(WireError) {
            if byteCount > sampleByteCount, try !isWorthwhile(encoding, body.prefix(bytes: sampleByteCount), workspace)
            {
                return
            }
            let compressed = try encoding.compress(body, in: workspace)
            guard compressed.byteCount < byteCount else { return }
            response.body = compressed
            response.headers.append(("Content-Encoding", encoding.rawValue))
        } catch {
            if case .stopped = error { throw .stopped }
        }
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

    private static func isWorthwhile(
        _ encoding: ContentEncoding, _ sample: [Bytes], _ workspace: Workspace
    ) throws(WireError) -> Bool {
        try encoding.compress(sample, in: workspace).byteCount * 4 <= sample.byteCount * worthwhileQuarters
    }
}
