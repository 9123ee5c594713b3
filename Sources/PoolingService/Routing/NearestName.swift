/// Finds what somebody who misspelt a name most likely meant.
enum NearestName {
    /// Longer names are not compared: the cost is quadratic, and nobody misspells a name of that length.
    private static let longestName = 64

    /// The candidate with the fewest edits, where those are at most a third of its length.
    static func suggestion(for name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= longestName else { return nil }
        let ranked = candidates.map { (name: $0, edits: edits(Array(name.utf8), Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }), best.edits * 3 <= best.name.utf8.count else {
            return nil
        }
        return best.name
    }

    /// Levenshtein's distance.
    private static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var previous = Array(0...b.count)
        for (row, x) in a.enumerated() {
            var current = [row + 1]
            for (column, y) in b.enumerated() {
                let substitution = previous[column] + (x == y ? 0 : 1)
                current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[b.count]
    }
}
