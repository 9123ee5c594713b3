import MicroHTTP
import PoolingEngine

extension HTTPResponse {
    private static let noticeHeader = "Pooling-Notice"

    /// Adds a header for each notice.
    mutating func append(_ notices: [PoolingNotice]) {
        for notice in notices { headers.append((Self.noticeHeader, notice.text)) }
    }

    var notices: [String] { headers.filter { $0.name == Self.noticeHeader }.map(\.value) }
}
