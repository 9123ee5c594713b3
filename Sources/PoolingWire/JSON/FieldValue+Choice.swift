import PoolingEngine

extension FieldValue {
    /// The one of `allowed` that this string names.
    func choice<Choice: RawRepresentable<String>>(
        among allowed: [Choice], at pointer: String
    ) throws(PoolingRefusal) -> Choice {
        let names = allowed.map(\.rawValue)
        guard case .string(let name) = self else {
            throw PoolingRefusal(.wrongType, at: pointer, "one of \(names.joined(separator: ", ")), not \(kind)")
        }
        if let choice = allowed.first(where: { $0.rawValue == name }) { return choice }
        throw PoolingRefusal(
            .unknownValue, at: pointer,
            "\"\(name.prefix(40))\" is none of \(names.joined(separator: ", ")); the nearest is \"\(name.nearest(in: names))\""
        )
    }
}
