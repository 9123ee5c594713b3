import PoolingEngine
import PoolingWire
import RecycledMemory
import Testing
import Yams

@testable import PoolingService

/// The service's description, read from the bytes in the binary.
struct OpenAPIDocument {
    private let root: Node

    init() throws {
        root = try #require(try Yams.compose(yaml: String(decoding: EmbeddedFiles.openAPI, as: UTF8.self)))
    }

    /// All of it.
    var value: FieldValue { FieldValue(root) }

    /// `GET /healthz` and so on.
    var operations: [String] {
        (root["paths"]?.mapping ?? [:]).flatMap { path, item in
            (item.mapping ?? [:]).map { method, _ in "\(method.string?.uppercased() ?? "") \(path.string ?? "")" }
        }
    }

    func schemaEnum(_ name: String) -> [String] {
        root["components"]?["schemas"]?[name]?["enum"]?.sequence?.compactMap(\.string) ?? []
    }

    func requestMediaTypes(_ path: String) -> [String] {
        root["paths"]?[path]?["post"]?["requestBody"]?["content"]?.mapping?.keys.compactMap(\.string) ?? []
    }

    func responseMediaTypes(_ path: String) -> [String] {
        let response = root["paths"]?[path]?["post"]?["responses"]?.member("200")
        return response?["content"]?.mapping?.keys.compactMap(\.string) ?? []
    }

    func headerEnum(_ name: String) -> [String] {
        root["components"]?["parameters"]?[name]?["schema"]?["enum"]?.sequence?.compactMap(\.string) ?? []
    }

    /// Statuses that some operation documents.
    var statuses: Set<Int> {
        let responses = (root["paths"]?.mapping ?? [:]).flatMap { _, item in
            (item.mapping ?? [:]).flatMap { _, operation in operation["responses"]?.mapping.map { Array($0.keys) } ?? []
            }
        }
        return Set(responses.compactMap { $0.string.flatMap { Int($0) } })
    }

    /// A request and what its response must be.
    struct Example: CustomTestStringConvertible {
        let path: String
        let name: String
        let request: String
        let response: FieldValue
        var testDescription: String { "\(path) \(name)" }
    }

    var examples: [Example] {
        (root["paths"]?.mapping ?? [:]).flatMap { path, item -> [Example] in
            let requests = item["post"]?["requestBody"]?["content"]?["application/json"]?["examples"]?.mapping ?? [:]
            let responses = item["post"]?["responses"]?.member("200")?["content"]?["application/json"]?["examples"]
            return requests.compactMap { name, example in
                guard let path = path.string, let name = name.string, let request = example["value"],
                    let response = responses?[name]?["value"], case .object(let fields) = FieldValue(request)
                else { return nil }
                let text = try? JSONCodec.encode(.object(fields)).joined()
                return text.map {
                    Example(
                        path: path, name: name, request: String(decoding: $0, as: UTF8.self),
                        response: FieldValue(response))
                }
            }
        }
    }

    /// Examples of requests, with a response or without.
    var requestExampleCount: Int {
        (root["paths"]?.mapping ?? [:]).reduce(0) { count, entry in
            let body = entry.value["post"]?["requestBody"]
            return count + (body?["content"]?["application/json"]?["examples"]?.mapping?.count ?? 0)
        }
    }
}

extension Node {
    /// A member by its text; the subscript would take `200` for a number, which is no equal of `"200"`.
    fileprivate func member(_ name: String) -> Node? {
        mapping?.first { $0.key.string == name }?.value
    }
}
