/// A response as it came over the wire.
struct ReceivedResponse: Sendable {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    var body: [UInt8]

    subscript(name: String) -> String? { headers[name.lowercased()] }

    var text: String { String(decoding: body, as: UTF8.self) }
}
