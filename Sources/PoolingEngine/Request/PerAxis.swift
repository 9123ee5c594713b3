/// A parameter that is the same for every axis, or has one entry per axis.
enum PerAxis<Value: Sendable>: Sendable {
    case all(Value)
    case each([Value])

    /// The length of the list; nil where one value is for all.
    var length: Int? {
        if case .each(let values) = self { values.count } else { nil }
    }

    func map<Other>(_ transform: (Value) -> Other) -> PerAxis<Other> {
        switch self {
        case .all(let value): .all(transform(value))
        case .each(let values): .each(values.map(transform))
        }
    }

    func contains(where isTrue: (Value) -> Bool) -> Bool {
        switch self {
        case .all(let value): isTrue(value)
        case .each(let values): values.contains(where: isTrue)
        }
    }

    /// The entry of one axis; a list is known to have as many entries as there are axes.
    func entry(_ axis: Int) -> Value {
        switch self {
        case .all(let value): value
        case .each(let values): values[Swift.min(axis, values.count - 1)]
        }
    }

    /// One entry for each of `count` axes; a list must have that length already.
    func expanded(to count: Int) -> [Value] {
        switch self {
        case .all(let value): Array(repeating: value, count: count)
        case .each(let values): values
        }
    }
}
