import MicroHTTP
import PoolingEngine
import PoolingWire
import Yams

/// `GET /openapi.yaml` and `GET /openapi.json`: the service's own description, out of the binary.
enum OpenAPIRoutes {
    static let yaml = Route(
        "GET", "/openapi.yaml", .api,
        .answer { _, _ in
            HTTPResponse(
                status: 200, headers: [("Content-Type", "application/yaml")], body: .bytes(EmbeddedFiles.openAPI))
        })

    static let json = Route(
        "GET", "/openapi.json", .api,
        .answer { _, _ in
            HTTPResponse(status: 200, headers: [("Content-Type", "application/json")], body: .bytes(document))
        })

    /// Converted on first use; the embedded text is known to be YAML by test.
    private static let document = JSONCodec.encode(members(of: EmbeddedFiles.openAPI))

    private static func members(of yaml: [UInt8]) -> [Field] {
        guard let node = try? Yams.compose(yaml: String(decoding: yaml, as: UTF8.self)),
            case .object(let fields) = FieldValue(node)
        else { return [] }
        return fields
    }
}

extension FieldValue {
    /// A YAML node as JSON has it.
    fileprivate init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .object(mapping.map { Field($0.key.string ?? "", FieldValue($0.value)) })
        case .sequence(let sequence):
            self = .list(sequence.map { FieldValue($0) })
        case .scalar, .alias:
            self.init(scalar: node)
        }
    }

    private init(scalar node: Node) {
        if node.null != nil {
            self = .null
        } else if let value = node.bool {
            self = .bool(value)
        } else if let value = node.int {
            self = .number(FieldNumber(value))
        } else if let value = node.float {
            self = .number(FieldNumber(value: value, whole: nil))
        } else {
            self = .string(node.string ?? "")
        }
    }
}
