// Messages that say what was expected, what came and where.
extension FieldReader {
    /// A value of another kind than the field has.
    ///
    /// - Parameter cure: what to write instead, where the value shows it.
    func mismatch(_ value: FieldValue, at name: String, expected: String, cure: String = "") -> PoolingError {
        rejection(.wrongType, at: name, "expected \(expected) for '\(name.indexed)', got \(value.described)" + cure)
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
        let unpool = PoolingRequest.Endpoint.unpool.rawValue
        guard NameHint.suggestion(for: name, among: [unpool], .unpooling) == nil else {
            return rejection(
                .unknownOp, at: "op",
                "there is no op '\(name.prefix(64))'; unpooling is an endpoint, POST /v1/unpool, which takes no 'op'")
        }
        return unknownOpName(name)
    }

    private func unknownOpName(_ name: String) -> PoolingError {
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
    /// The kind, and of a number or a string what it is.
    fileprivate var described: String {
        switch self {
        case .number(let number): number.text
        case .string(let text): text.excerpt
        default: kind
        }
    }

    /// `; did you mean 'kernel'?`, or nothing: the field that has such values.
    func hint(for name: String, among taken: [String]) -> String {
        guard let (word, note) = suggestion(for: name, among: taken) else { return "" }
        guard let spatial = spatialEntries, FieldNames.perAxisOfInput.contains(word) else {
            return NameHint.question(word, note)
        }
        return NameHint.question(word, "with \(spatial), an entry for each pooled axis")
    }

    private func suggestion(for name: String, among taken: [String]) -> (word: String, note: String)? {
        // One number is rather a size than a tensor.
        if case .number = self {
            let others = taken.filter { TensorName.named[$0] == nil }
            if let found = NameHint.suggestion(for: name, among: others, .fields) { return found }
        }
        return NameHint.suggestion(for: name, among: taken, .fields)
    }

    /// The entries for the pooled axes, of a list of TensorFlow or ONNX that has ones for batch and channels.
    private var spatialEntries: [Int]? {
        guard let entries = [Field("", self)].wholeNumbers(""), entries.count >= 3, entries[0] == 1 else { return nil }
        if entries.last == 1 { return Array(entries.dropFirst().dropLast()) }
        return entries[1] == 1 ? Array(entries.dropFirst(2)) : nil
    }
}

extension String {
    /// In quotes, escaped, and cut short where it is long.
    fileprivate var excerpt: String {
        let most = 32
        return (count > most ? prefix(most) + "…" : self[...]).debugDescription
    }

    /// What to write in place of this where numbers are expected: those in it, or an example.
    var numericCure: String {
        let parts = split { !($0.isASCII && $0.isNumber) }
        let isPlain = allSatisfy { $0.isASCII && ($0.isNumber || " ()[],xX".contains($0)) }
        let numbers = parts.compactMap { Int($0) }
        guard isPlain, 1...3 ~= parts.count, numbers.count == parts.count else { return "; write 2 or [2, 2]" }
        return "; write " + (numbers.count == 1 ? "\(numbers[0])" : "\(numbers)")
    }
}

extension FieldNumber {
    /// As it is written: whole numbers without a fraction.
    var text: String { whole.map { "\($0)" } ?? "\(value)" }
}
