import PoolingEngine
import PoolingWire

/// A response of the service, read back.
struct JSONResponse {
    let value: FieldValue

    init(_ text: String) throws {
        let bytes = Array(text.utf8)
        value = try bytes.withUnsafeBytes { .object(try JSONCodec.decodeFields($0).fields) }
    }
}

extension FieldValue {
    /// Whether every member of this is a member of `other` with the same content; numbers are compared by value.
    func isContained(in other: FieldValue) -> Bool {
        switch (self, other) {
        case (.number(let a), .number(let b)): a.value == b.value
        case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isContained(in: $1) }
        case (.object(let a), .object(let b)):
            a.allSatisfy { field in
                b.first { $0.name == field.name }.map { field.value.isContained(in: $0.value) } ?? false
            }
        default: self == other
        }
    }
}
