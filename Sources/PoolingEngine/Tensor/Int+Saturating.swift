extension Int {
    /// The sum, or `Int.max` where it overflows; for numbers that are not negative.
    package func addingSaturating(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The product, or `Int.max` where it overflows; for numbers that are not negative.
    package func multipliedSaturating(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The next multiple of `width`, as cells take whole vectors; for numbers that are not negative.
    @inline(__always)
    func rounded(to width: Int) -> Int { addingSaturating(width - 1) / width * width }
}
