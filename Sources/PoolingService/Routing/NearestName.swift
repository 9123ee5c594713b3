import PoolingEngine

/// Finds what somebody who misspelt a name most likely meant.
enum NearestName {
    /// The candidate with the fewest edits, where those are at most a third of its length.
    static func suggestion(for name: String, among candidates: [String]) -> String? {
        let nearest = name.nearest(in: candidates)
        let longest = nearest.utf8.count * 4 / 3
        guard !nearest.isEmpty, name.utf8.count <= longest, name.edits(to: nearest) * 3 <= nearest.utf8.count else {
            return nil
        }
        return nearest
    }
}
