package import PoolingEngine

/// An op with one choice of its parameters.
package struct NamedOp: Sendable, CustomStringConvertible {
    package let op: String
    package let fields: [Field]
    /// What the op asks of its values.
    package let needs: Needs

    package enum Needs: Sendable { case nothing, positive }

    package var description: String {
        fields.isEmpty ? op : op + " " + fields.map { "\($0.name)=\($0.value.brief)" }.joined(separator: " ")
    }

    /// Whether the value is an element of the window, so that it must be the same to the last bit.
    package var selects: Bool {
        ["max", "min", "median", "first", "last"].contains(op) || (op == "stochastic" && !isExpected)
    }
    package var hasIndices: Bool { selects || op == "mixed" }
    /// Integers are for these.
    package var takesIntegers: Bool {
        ["max", "min", "median", "avg", "sum", "product", "first", "last"].contains(op)
    }
    package var isWeighted: Bool { op == "weighted" }
    private var isExpected: Bool { fields.contains(Field("mode", .string("expected"))) }

    private init(_ op: String, _ fields: Fields = [:], needs: Needs = .nothing) {
        self.op = op
        self.fields = [Field](fields)
        self.needs = needs
    }
}

extension NamedOp {
    /// Every op of the catalogue in every manner that the corpus knows; one unknown here has its defaults.
    package static var all: [NamedOp] {
        PoolingCatalog.operationNames.flatMap { name in
            let known = variants.filter { $0.op == name }
            return known.isEmpty ? [NamedOp(name)] : known
        }
    }

    private static let variants: [NamedOp] = [
        NamedOp("max"), NamedOp("max", ["nan": "ignore"]), NamedOp("min"), NamedOp("min", ["nan": "ignore"]),
        NamedOp("quantile"), NamedOp("quantile", ["q": 0.25, "interpolation": "lower"]),
        NamedOp("quantile", ["q": 0.7, "interpolation": "higher"]),
        NamedOp("quantile", ["q": 0.3, "interpolation": "midpoint"]),
        NamedOp("quantile", ["q": 0.8, "interpolation": "nearest"]),
        NamedOp("lp"), NamedOp("lp", ["p": 1]), NamedOp("lp", ["p": 3]), NamedOp("lp", ["p": 0.5]),
        NamedOp("lp", ["p": "Infinity"]), NamedOp("lp", ["signed": true], needs: .positive),
        NamedOp("lp", ["signed": true, "p": 1]), NamedOp("lp", ["signed": true, "p": 3], needs: .positive),
        NamedOp("power_avg"), NamedOp("power_avg", ["p": 2, "eps": 0.5]),
        NamedOp("logsumexp"), NamedOp("logsumexp", ["r": -3]), NamedOp("softmax"), NamedOp("softmax", ["beta": -2]),
        NamedOp("variance"), NamedOp("variance", ["correction": 1]), NamedOp("std"),
        NamedOp("std", ["correction": 1]), NamedOp("mixed"), NamedOp("mixed", ["alpha": 0.25]),
        NamedOp("stochastic", ["seed": 7], needs: .positive),
        NamedOp("stochastic", ["seed": 7, "mode": "expected"], needs: .positive),
        NamedOp("weighted"), NamedOp("weighted", ["normalize": true]),
    ]
}

extension FieldValue {
    /// The value as a test's name shows it.
    package var brief: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let number): number.whole.map { "\($0)" } ?? "\(number.value)"
        case .string(let text): text
        case .list(let list): "[" + list.map(\.brief).joined(separator: ",") + "]"
        case .object(let fields): "{" + fields.map { "\($0.name):\($0.value.brief)" }.joined(separator: ",") + "}"
        }
    }
}
