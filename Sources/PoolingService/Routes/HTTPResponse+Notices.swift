import MicroHTTP
import PoolingEngine

extension HTTPResponse {
    /// Adds a header for each notice.
    mutating func append(_ notices: [PoolingNotice]) {
        for notice in notices { headers.append(("Pooling-Notice", notice.text)) }
    }
}
