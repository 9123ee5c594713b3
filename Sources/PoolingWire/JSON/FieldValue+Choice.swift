import PoolingEngine

extension FieldValue {
    /// The one of `allowed` that this string names.
    ///
    /// - Parameter vocabulary: what others call them.
    func choice<Choice: RawRepresentable<String>>(
        among allowed: [Choice], at pointer: String, _ vocabulary: Vocabulary = .elementTypes
    ) throws(PoolingError) -> Choice {
        let names = allowed.map(\.rawValue)
        guard case .string(let name) = self else {
            throw PoolingError(.wrongType, at: pointer, "expected \(names.alternatives), got \(kind)")
        }
        if let choice = allowed.first(where: { $0.rawValue == name }) { return choice }
        throw PoolingError(
            .unknownValue, at: pointer,
            "'\(pointer)' is '\(name.prefix(40))'; it must be \(names.alternatives)"
                + NameHint.text(for: name, among: names, vocabulary))
    }
}

extension JSONReader {
    /// Takes one of some strings, or `null`, which is none of them.
    mutating func takeChoice<Choice: RawRepresentable<String>>(
        among allowed: [Choice]
    ) throws(WireError) -> Choice? {
        let start = position
        let value = try takeValue()
        guard value != .null else { return nil }
        do {
            return try value.choice(among: allowed, at: path.pointer())
        } catch {
            reject(error, at: start)
            return nil
        }
    }
}
