import PoolingEngine
import Yams

extension FieldValue {
    /// A YAML node as JSON has it.
    init(_ node: Node) {
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
        } else if let value = node.whole {
            self = .number(FieldNumber(value: Double(value), whole: value))
        } else if let value = node.float {
            self = .number(FieldNumber(value: value, whole: nil))
        } else {
            self = .string(node.string ?? "")
        }
    }
}

extension Node {
    fileprivate var whole: Int128? {
        int.map { Int128($0) } ?? scalar.flatMap(UInt.construct).map { Int128($0) }
    }
}
