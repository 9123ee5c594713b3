/// One axis of a layer as an inverse shape query sees it.
struct AxisInverse: Sendable {
    /// The output of an input of so many elements, below 1 for none; it never shrinks as the input grows.
    let output: @Sendable (Int) -> Int
    /// Whether the layer takes an input of so many elements.
    ///
    /// Of all sizes that give one output, it takes those from some size on: relative to the windows, a larger input reaches
    /// further on both sides.
    let accepts: @Sendable (Int) -> Bool
    /// The output that no input exceeds; nil where outputs grow with inputs without end.
    var mostOutputs: Int?
    /// A size below which the layer accepts none, so that these are not tried.
    var leastInput = 1

    static let largestSize = FieldNames.largestExtent

    /// The smallest size whose output is at least `wanted`; nil where it is beyond the largest.
    func leastSize(giving wanted: Int) -> Int? {
        var (low, high) = (1, Self.largestSize + 1)
        while low < high {
            let middle = (low + high) / 2
            if output(middle) >= wanted { high = middle } else { low = middle + 1 }
        }
        return low <= Self.largestSize ? low : nil
    }

    /// The largest size whose output is at most `wanted`: 0 where there is none, nil where there is no largest.
    func greatestSize(giving wanted: Int) -> Int? {
        if let mostOutputs, mostOutputs <= wanted { return nil }
        return leastSize(giving: wanted + 1).map { $0 - 1 } ?? Self.largestSize
    }

    /// A size above `size`, which is rejected, such that all between them are rejected too; nil where all above are.
    func nextSize(after size: Int) -> Int? {
        if size < leastInput { return leastInput <= Self.largestSize ? leastInput : nil }
        guard acceptsLargeSizes else { return nil }
        let end = greatestSize(giving: output(size)) ?? Self.largestSize
        guard end > size, accepts(end) else { return end < Self.largestSize ? end + 1 : nil }
        var (low, high) = (size + 1, end)
        while low < high {
            let middle = (low + high) / 2
            if accepts(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// A size below `size`, which is rejected, such that all between them are rejected too; 0 for none.
    func previousSize(before size: Int) -> Int { (leastSize(giving: output(size)) ?? 1) - 1 }

    /// Whether there are large sizes that the layer takes: what it rejects then depends on small sizes, or the last few of
    /// each output.
    private var acceptsLargeSizes: Bool {
        accepts(Self.largestSize) || accepts(max(previousSize(before: Self.largestSize), 1))
    }
}
