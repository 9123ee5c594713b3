/// The fields that any request has, and what to say of others.
package enum FieldNames {
    /// Extents, strides and the like beyond this are refused, so that their sums and small multiples cannot overflow.
    package static let largestExtent = 1 << 31

    package static let all: Set<String> = Set(
        TensorName.allCases.map(\.rawValue) + PoolingCatalog.parameterNames + [
            "op", "region", "layout", "dims", "axes", "dtype", "response_form", "input_shape", "output_shape",
            "return_indices", "index_base", "index_order", "index_shape", "output_size", "layers",
        ])

    private static let sorted = all.sorted()

    package static func nearest(to name: String) -> String { name.nearest(in: sorted) }
}

extension String {
    /// The candidate that the fewest edits lead to, the first of several; "" where there are none.
    package func nearest(in candidates: [String]) -> String {
        var (nearest, fewest) = ("", Int.max)
        let count = Swift.min(utf8.count, Self.comparedByteCount)
        // It takes as many edits at least as the lengths differ.
        for candidate in candidates where abs(candidate.utf8.count - count) < fewest {
            let edits = edits(to: candidate)
            if edits < fewest { (nearest, fewest) = (candidate, edits) }
        }
        return nearest
    }

    /// How many insertions, deletions and replacements of bytes lead from the first 64 bytes of this to `other`
    /// (Levenshtein's distance).
    package func edits(to other: String) -> Int {
        let target = Array(other.utf8)
        var row = Array(0...target.count)
        for (line, unit) in utf8.prefix(Self.comparedByteCount).enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in target.indices {
                let replaced = diagonal + (unit == target[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[target.count]
    }

    /// The cost is quadratic, and no name is that long.
    private static var comparedByteCount: Int { 64 }

    /// This name as one token of a JSON pointer (RFC 6901), shortened if it is absurdly long.
    package var pointerEscaped: String {
        String(prefix(128).flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
    }
}
