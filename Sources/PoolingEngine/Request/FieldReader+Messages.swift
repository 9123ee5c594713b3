// Messages that say what was expected, what came and where.
extension FieldReader {
    /// A value of another kind than the field has.
    func mismatch(_ value: FieldValue, at name: String, expected: String) -> PoolingError {
        rejection(.wrongType, at: name, "expected \(expected) for '\(name.indexed)', got \(value.described)")
    }

    /// - Parameter rule: both ends, or as many as there are: `from 0 to 1`, `above 0`.
    func outOfRange(_ text: String, at name: String, _ rule: String) -> PoolingError {
        rejection(.outOfRange, at: name, "\(name.indexed) is \(text); it must be \(rule)")
    }

    /// A string that is none of `known`.
    ///
    /// - Parameter others: what the field takes but these strings, such as `a number, a list`.
    func unknownValue(_ string: String, at name: String, known: [String], others: String = "") -> PoolingError {
        let field = name.prefix { $0 != "/" }
        let vocabulary = Vocabulary.values[String(field)] ?? Vocabulary([:])
        return rejection(
            .unknownValue, at: name,
            "'\(name.indexed)' is '\(string.prefix(64))'; it must be \(others.isEmpty ? "" : others + ", ")"
                + known.alternatives + NameHint.text(for: string, among: known, vocabulary))
    }

    func unknownOp(_ name: String) -> PoolingError {
        unknownName(.unknownOp, "op", name, PoolingCatalog.operationNames, .ops)
    }

    func unknownRegion(_ name: String) -> PoolingError {
        unknownName(.unknownRegion, "region", name, PoolingCatalog.regionNames, .regions)
    }

    private func unknownName(
        _ reason: PoolingError.Reason, _ field: String, _ name: String, _ known: [String], _ vocabulary: Vocabulary
    ) -> PoolingError {
        let hint = NameHint.text(for: name, among: known, vocabulary)
        return rejection(
            reason, at: field,
            "there is no \(field) '\(name.prefix(64))'\(hint)\(hint.isEmpty ? "; known" : " Known") \(field)s are "
                + known.joined(separator: ", "))
    }
}

extension FieldValue {
    /// The kind, and of a number what it is.
    fileprivate var described: String {
        if case .number(let number) = self { number.text } else { kind }
    }
}

extension FieldNumber {
    /// As it is written: whole numbers without a fraction.
    var text: String { whole.map { "\($0)" } ?? "\(value)" }
}
