extension FieldReader {
    mutating func takeBool(_ name: String, default standard: Bool) throws(PoolingError) -> Bool {
        guard let value = take(name) else { return standard }
        guard case .bool(let bool) = value else {
            throw mismatch(value, at: name, expected: "true or false")
        }
        return bool
    }

    mutating func takeString(_ name: String) throws(PoolingError) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let string) = value else {
            throw mismatch(value, at: name, expected: "a string")
        }
        return string
    }

    /// One of the raw values of an enumeration.
    mutating func takeCase<Choice>(
        _ name: String, default standard: Choice
    ) throws(PoolingError) -> Choice where Choice: RawRepresentable<String>, Choice: CaseIterable {
        guard let string = try takeString(name) else { return standard }
        guard let choice = Choice(rawValue: string) else {
            throw unknownValue(string, at: name, known: Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    /// One of the raw values of an enumeration for every axis, or a list with one per axis.
    mutating func takePerAxisCase<Choice>(
        _ name: String, default standard: Choice
    ) throws(PoolingError) -> PerAxis<Choice> where Choice: RawRepresentable<String>, Choice: CaseIterable {
        guard case .list(let values)? = value(of: name) else { return .all(try takeCase(name, default: standard)) }
        _ = take(name)
        var choices: [Choice] = []
        for (position, value) in values.enumerated() {
            let pointer = "\(name)/\(position)"
            guard case .string(let string) = value else { throw mismatch(value, at: pointer, expected: "a string") }
            guard let choice = Choice(rawValue: string) else {
                throw unknownValue(string, at: pointer, known: Choice.allCases.map(\.rawValue))
            }
            choices.append(choice)
        }
        guard !choices.isEmpty else {
            throw rejection(.wrongLength, at: name, "'\(name)' is an empty list; give one entry per axis")
        }
        return .each(choices)
    }

    /// A finite number that `accepts` lets pass, or the default.
    mutating func takeNumber(
        _ name: String, default standard: Double, _ rule: String, _ accepts: (Double) -> Bool
    ) throws(PoolingError) -> Double {
        guard let value = take(name) else { return standard }
        guard case .number(let number) = value else {
            throw mismatch(value, at: name, expected: "a number")
        }
        guard number.value.isFinite, accepts(number.value) else {
            throw outOfRange(number.text, at: name, rule)
        }
        return number.value
    }

    mutating func takeInteger(_ name: String, in range: ClosedRange<Int>) throws(PoolingError) -> Int? {
        guard let value = take(name) else { return nil }
        return try integer(value, at: name, in: range)
    }

    /// The seed, an unsigned 64-bit number; may be taken by several.
    mutating func takeSeed() throws(PoolingError) -> UInt64? {
        guard let value = take("seed") else { return isInEntry ? nil : seed }
        guard case .number(let number) = value, number.isWhole else {
            throw mismatch(value, at: "seed", expected: "a whole number")
        }
        guard let taken = number.whole.flatMap(UInt64.init(exactly:)) else {
            throw outOfRange(number.text, at: "seed", "from 0 to 18446744073709551615")
        }
        if !isInEntry { seed = taken }
        return taken
    }

    /// The entries of a list that must be there.
    ///
    /// - Parameter expected: what it is a list of: `objects`.
    mutating func takeEntries(
        _ name: String, of expected: String, counts: ClosedRange<Int>
    ) throws(PoolingError) -> [FieldValue] {
        let value = take(name) ?? .null
        guard case .list(let values) = value else {
            throw mismatch(value, at: name, expected: "a list of \(expected)")
        }
        guard counts.contains(values.count) else {
            throw rejection(
                .wrongLength, at: name,
                "'\(name)' has \(values.count) entries; it must have from \(counts.lowerBound) to \(counts.upperBound)")
        }
        return values
    }

    /// The fields of each entry of `layers`.
    mutating func takeLayers(counts: ClosedRange<Int>) throws(PoolingError) -> [[Field]] {
        var layers: [[Field]] = []
        for (position, value) in try takeEntries("layers", of: "objects", counts: counts).enumerated() {
            guard case .object(let fields) = value else {
                throw rejection(
                    .wrongType, at: "layers/\(position)", "expected an object for a layer, got \(value.kind)")
            }
            layers.append(fields)
        }
        return layers
    }

    /// A list of whole numbers.
    mutating func takeIntegers(
        _ name: String, in range: ClosedRange<Int>
    ) throws(PoolingError) -> [Int]? {
        guard let value = take(name) else { return nil }
        guard case .list(let values) = value else {
            throw mismatch(value, at: name, expected: "a list of whole numbers")
        }
        var integers: [Int] = []
        for (position, value) in values.enumerated() {
            integers.append(try integer(value, at: "\(name)/\(position)", in: range))
        }
        return integers
    }

    /// One whole number for every axis, or a list with one per axis; null entries where `allowsNull`.
    mutating func takePerAxis(
        _ name: String, in range: ClosedRange<Int>, allowsNull: Bool = false
    ) throws(PoolingError) -> PerAxis<Int?>? {
        guard let value = take(name) else { return nil }
        if case .string(let text) = value {
            throw mismatch(value, at: name, expected: "a whole number", cure: text.numericCure)
        }
        guard case .list(let values) = value else { return .all(try integer(value, at: name, in: range)) }
        var entries: [Int?] = []
        for (position, value) in values.enumerated() {
            if allowsNull, value == .null {
                entries.append(nil)
            } else {
                entries.append(try integer(value, at: "\(name)/\(position)", in: range))
            }
        }
        guard !entries.isEmpty else {
            throw rejection(.wrongLength, at: name, "'\(name)' is an empty list; give one number per axis")
        }
        return .each(entries)
    }

    /// As ``takePerAxis(_:in:allowsNull:)`` without nulls.
    mutating func takePerAxisIntegers(
        _ name: String, in range: ClosedRange<Int>
    ) throws(PoolingError) -> PerAxis<Int>? {
        try takePerAxis(name, in: range)?.map { $0 ?? 0 }
    }

    /// A whole number within `range`, found at `name`.
    func integer(
        _ value: FieldValue, at name: String, in range: ClosedRange<Int>
    ) throws(PoolingError) -> Int {
        guard case .number(let number) = value, number.isWhole else {
            throw mismatch(value, at: name, expected: "a whole number")
        }
        guard let integer = number.whole.flatMap(Int.init(exactly:)), range.contains(integer) else {
            throw outOfRange(number.text, at: name, "from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }
}

extension FieldNumber {
    /// Whether it has no fraction, be it too large for ``whole``.
    fileprivate var isWhole: Bool { whole != nil || value.isFinite && value == value.rounded() }
}
