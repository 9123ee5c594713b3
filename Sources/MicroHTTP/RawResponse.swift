internal import CMicroHTTPD
import RecycledMemory

/// A response as bytes, for sockets that libmicrohttpd does not write to.
enum RawResponse {
    static func bytes(of response: HTTPResponse) -> [UInt8] {
        var head = "HTTP/1.1 \(response.status) \(reason(response.status))\r\n"
        for (name, value) in response.headers where value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) {
            head += "\(name): \(value)\r\n"
        }
        head += "Content-Length: \(response.body.byteCount)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + response.body.joined()
    }

    private static func reason(_ status: Int) -> String {
        MHD_get_reason_phrase_for(UInt32(clamping: status)).map { String(cString: $0) } ?? ""
    }
}
