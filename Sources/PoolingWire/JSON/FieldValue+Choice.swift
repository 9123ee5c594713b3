import PoolingEngine

extension FieldValue {
    /// The one of `allowed` that this string names.
    func choice<Choice: RawRepresentable<String>>(
        among allowed: [Choice], at pointer: String
    ) throws(PoolingRefusal) -> Choice {
        let names = allowed.map(\.rawValue)
        guard case .string(let name) = self else {
            throw PoolingRefusal(.wrongType, at: pointer, "expected \(names.alternatives), got \(kind)")
        }
        if let choice = allowed.first(where: { $0.rawValue == name }) { return choice }
        throw PoolingRefusal(
            .unknownValue, at: pointer,
            "'\(pointer)' is '\(name.prefix(40))'; it must be \(names.alternatives)"
                + NameHint.text(for: name, among: names, .elementTypes))
    }
}
