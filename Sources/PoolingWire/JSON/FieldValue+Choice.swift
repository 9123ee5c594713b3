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
        let nearest = names.min { Self.distance($0, name) < Self.distance($1, name) } ?? ""
        throw PoolingRefusal(
            .unknownValue, at: pointer,
            "\"\(name.prefix(40))\" is none of \(names.joined(separator: ", ")); the nearest is \"\(nearest)\"")
    }

    /// How many single characters must be changed, added or removed to turn one name into the other (Levenshtein),
    /// counting at most the first 40.
    private static func distance(_ first: String, _ second: String) -> Int {
        let second = Array(second.utf8.prefix(40))
        var row = Array(0...second.count)
        for (index, character) in first.utf8.prefix(40).enumerated() {
            var diagonal = index
            row[0] = index + 1
            for column in second.indices {
                let substituted = diagonal + (second[column] == character ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[second.count]
    }
}
