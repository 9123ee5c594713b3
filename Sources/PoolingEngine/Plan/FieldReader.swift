/// The fields of a request, taken out one by one; what is left at the end has no place in it.
struct FieldReader: Sendable {
    private var remaining: [Field]
    private var tensors: [TensorName: Tensor]
    /// Leads every pointer, such as `layers/0/`.
    private let prefix: String
    /// The seed, once somebody took it: one seed drives all that is random in a request.
    fileprivate var seed: UInt64?
    /// Whether only shapes are asked for, so that parameters which shapes do not depend on may be absent.
    let isShapeOnly: Bool

    /// - Throws: ``PoolingRefusal`` for a field that no request has, so that a misspelt field is named before
    ///   anything that its absence would cause.
    init(
        _ fields: [Field], tensors: [TensorName: Tensor] = [:], prefix: String = "", isShapeOnly: Bool = false
    ) throws(PoolingRefusal) {
        for field in fields where !FieldNames.all.contains(field.name) {
            let nearest = FieldNames.nearest(to: field.name)
            throw PoolingRefusal(
                .unknownField, at: prefix + field.name.pointerEscaped,
                "there is no field '\(field.name)'; the nearest is '\(nearest)'")
        }
        remaining = fields
        self.tensors = tensors
        self.prefix = prefix
        self.isShapeOnly = isShapeOnly
    }

    /// The pointer to a field of this object.
    func pointer(_ name: String) -> String { prefix + name }

    func refusal(_ reason: PoolingRefusal.Reason, at name: String, _ detail: String) -> PoolingRefusal {
        PoolingRefusal(reason, at: pointer(name), detail)
    }

    mutating func take(_ name: String) -> FieldValue? {
        guard let position = remaining.firstIndex(where: { $0.name == name }) else { return nil }
        return remaining.remove(at: position).value
    }

    mutating func take(_ name: TensorName) -> Tensor? { tensors.removeValue(forKey: name) }

    func has(_ name: String) -> Bool { remaining.contains { $0.name == name } }
    func has(_ name: TensorName) -> Bool { tensors[name] != nil }

    /// Whether this is the gradient of unpooling.
    var isUnpool: Bool { remaining.contains(Field("op", .string("unpool"))) }

    /// Refuses what nobody took.
    ///
    /// - Parameter place: what the request is, for the message: `max over global regions`.
    func finish(_ place: @autoclosure () -> String) throws(PoolingRefusal) {
        let name = remaining.first?.name ?? tensors.keys.map(\.rawValue).min()
        guard let name else { return }
        throw refusal(.unusedField, at: name, "'\(name)' has no meaning for \(place())")
    }
}

extension FieldReader {
    mutating func takeBool(_ name: String, default standard: Bool) throws(PoolingRefusal) -> Bool {
        guard let value = take(name) else { return standard }
        guard case .bool(let bool) = value else {
            throw refusal(.wrongType, at: name, "'\(name)' must be true or false, not \(value.kind)")
        }
        return bool
    }

    mutating func takeString(_ name: String) throws(PoolingRefusal) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let string) = value else {
            throw refusal(.wrongType, at: name, "'\(name)' must be a string, not \(value.kind)")
        }
        return string
    }

    /// One of the raw values of an enumeration.
    mutating func takeCase<Choice>(
        _ name: String, default standard: Choice
    ) throws(PoolingRefusal) -> Choice where Choice: RawRepresentable<String>, Choice: CaseIterable {
        guard let string = try takeString(name) else { return standard }
        guard let choice = Choice(rawValue: string) else {
            let known = Choice.allCases.map(\.rawValue)
            throw refusal(
                .unknownValue, at: name,
                "'\(name)' is '\(string)'; known are \(known.joined(separator: ", ")); "
                    + "the nearest is '\(string.nearest(in: known))'")
        }
        return choice
    }

    /// A finite number that `accepts` lets pass, or the default.
    mutating func takeNumber(
        _ name: String, default standard: Double, _ rule: String, _ accepts: (Double) -> Bool
    ) throws(PoolingRefusal) -> Double {
        guard let value = take(name) else { return standard }
        guard case .number(let number) = value else {
            throw refusal(.wrongType, at: name, "'\(name)' must be a number, not \(value.kind)")
        }
        guard number.value.isFinite, accepts(number.value) else {
            throw refusal(.outOfRange, at: name, "'\(name)' is \(number.value) and must be \(rule)")
        }
        return number.value
    }

    mutating func takeInteger(_ name: String, in range: ClosedRange<Int>) throws(PoolingRefusal) -> Int? {
        guard let value = take(name) else { return nil }
        return try integer(value, at: name, in: range)
    }

    /// The seed, an unsigned 64-bit number; may be taken by several.
    mutating func takeSeed() throws(PoolingRefusal) -> UInt64? {
        guard let value = take("seed") else { return seed }
        guard case .number(let number) = value, let whole = number.whole else {
            throw refusal(.wrongType, at: "seed", "'seed' must be a whole number from 0 to 18446744073709551615")
        }
        guard let taken = UInt64(exactly: whole) else {
            throw refusal(.outOfRange, at: "seed", "'seed' is \(whole) and must be from 0 to 18446744073709551615")
        }
        seed = taken
        return taken
    }

    /// A list of whole numbers.
    mutating func takeIntegers(
        _ name: String, in range: ClosedRange<Int>
    ) throws(PoolingRefusal) -> [Int]? {
        guard let value = take(name) else { return nil }
        guard case .list(let values) = value else {
            throw refusal(.wrongType, at: name, "'\(name)' must be a list of whole numbers, not \(value.kind)")
        }
        var integers: [Int] = []
        for (position, value) in values.enumerated() {
            integers.append(try integer(value, at: "\(name)/\(position)", in: range))
        }
        return integers
    }

    /// One whole number for every axis, or a list with one an axis; null entries where `allowsNull`.
    mutating func takePerAxis(
        _ name: String, in range: ClosedRange<Int>, allowsNull: Bool = false
    ) throws(PoolingRefusal) -> PerAxis<Int?>? {
        guard let value = take(name) else { return nil }
        guard case .list(let values) = value else { return .all(try integer(value, at: name, in: range)) }
        var entries: [Int?] = []
        for (position, value) in values.enumerated() {
            if allowsNull, value == .null {
                entries.append(nil)
            } else {
                entries.append(try integer(value, at: "\(name)/\(position)", in: range))
            }
        }
        guard !entries.isEmpty else { throw refusal(.wrongLength, at: name, "'\(name)' must not be empty") }
        return .each(entries)
    }

    /// As ``takePerAxis(_:in:allowsNull:)`` without nulls.
    mutating func takePerAxisIntegers(
        _ name: String, in range: ClosedRange<Int>
    ) throws(PoolingRefusal) -> PerAxis<Int>? {
        try takePerAxis(name, in: range)?.map { $0 ?? 0 }
    }

    /// A whole number within `range`, found at `name`.
    func integer(
        _ value: FieldValue, at name: String, in range: ClosedRange<Int>
    ) throws(PoolingRefusal) -> Int {
        guard case .number(let number) = value, let whole = number.whole else {
            throw refusal(.wrongType, at: name, "'\(name)' must be a whole number, not \(value.described)")
        }
        guard let integer = Int(exactly: whole), range.contains(integer) else {
            throw refusal(
                .outOfRange, at: name, "'\(name)' is \(whole) and must be \(range.described)")
        }
        return integer
    }
}

extension FieldValue {
    fileprivate var described: String {
        if case .number(let number) = self { "\(number.value)" } else { kind }
    }
}

extension ClosedRange<Int> {
    /// The range in words, its far end left out where it is only a safety bound.
    fileprivate var described: String {
        upperBound >= FieldNames.largestExtent ? "at least \(lowerBound)" : "from \(lowerBound) to \(upperBound)"
    }
}

/// A parameter that is the same for every axis, or has one entry an axis.
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
