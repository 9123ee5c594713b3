/// Finds what somebody who wrote an unknown name most likely meant; nothing rather than something doubtful.
package enum NameHint {
    /// `; did you mean 'kernel'?`, or nothing.
    ///
    /// - Parameter vocabulary: names that frameworks use for the candidates.
    package static func text(
        for name: String, among candidates: [String], _ vocabulary: Vocabulary = Vocabulary([:])
    ) -> String {
        guard let (word, note) = suggestion(for: name, among: candidates, vocabulary) else { return "" }
        return question(word, note)
    }

    /// - Parameter note: what has to be said with the word, or nothing.
    static func question(_ word: String, _ note: String) -> String {
        "; did you mean '\(word)'\(note.isEmpty ? "" : " " + note)?"
    }

    /// The candidate that differs in case and separators only, or that another framework calls so, or that is a few edits
    /// away.
    package static func suggestion(
        for name: String, among candidates: [String], _ vocabulary: Vocabulary = Vocabulary([:])
    ) -> (word: String, note: String)? {
        guard name.utf8.count <= longestName else { return nil }
        let plain = name.plain
        if let same = candidates.first(where: { $0.plain == plain }) { return (same, "") }
        if let known = vocabulary.meanings(of: plain).first(where: { candidates.contains($0.word) }) {
            return (known.word, known.note)
        }
        return nearest(to: name.lowercased(), among: candidates).map { ($0, "") }
    }

    /// Longer texts are no misspelt names.
    private static let longestName = 64

    /// The only candidate with the fewest edits, where those are at most a third of it, and at most two.
    ///
    /// Digits are not misspelt, and first letters hardly ever: `int8` is no `int16`, `/v1` no `/v2`, `uint32` no `int32`.
    private static func nearest(to name: String, among candidates: [String]) -> String? {
        var (nearest, fewest): (String?, Int) = (nil, mostEdits + 1)
        for candidate in Set(candidates)
        where candidate.digits == name.digits && candidate.lowercased().first == name.first {
            guard abs(candidate.utf8.count - name.utf8.count) <= mostEdits else { continue }
            let edits = name.edits(to: candidate.lowercased())
            guard edits * 3 <= candidate.utf8.count, edits <= fewest else { continue }
            nearest = edits < fewest ? candidate : nil
            fewest = edits
        }
        return nearest
    }

    private static let mostEdits = 2
}

extension String {
    /// Letters and digits in lower case: `poolSize`, `pool-size` and `pool_size` are the same word.
    fileprivate var plain: String {
        String(decoding: lowercased().utf8.filter { Self.isLetter($0) || Self.isDigit($0) }, as: UTF8.self)
    }

    fileprivate var digits: [UInt8] { utf8.filter(Self.isDigit) }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    /// How many insertions, deletions, replacements and exchanges of neighbours lead from the bytes of this to those of
    /// `other`, each byte edited at most once (optimal string alignment).
    package func edits(to other: String) -> Int {
        let (source, target) = (Array(utf8), Array(other.utf8))
        var beforeLast = [Int](repeating: 0, count: target.count + 1)
        var last = Array(0...target.count)
        for line in source.indices {
            var row = [line + 1]
            for column in target.indices {
                let isSame = source[line] == target[column]
                var edits = Swift.min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, row[column] + 1)
                if line > 0, column > 0, source[line] == target[column - 1], source[line - 1] == target[column] {
                    edits = Swift.min(edits, beforeLast[column - 1] + 1)
                }
                row.append(edits)
            }
            (beforeLast, last) = (last, row)
        }
        return last[target.count]
    }
}
