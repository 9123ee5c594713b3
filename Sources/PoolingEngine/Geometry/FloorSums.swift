/// Sums over arithmetic progressions in closed form, in steps of Euclid's algorithm.
enum FloorSums {
    static func commonDivisor(_ left: Int, _ right: Int) -> Int {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }

    /// Σ ⌊(slope·i + offset)/divisor⌋ for i from 0 to below `count`.
    ///
    /// - Parameters:
    ///   - divisor: above 0.
    ///   - slope: any; so is `offset`.
    static func sum(count: Int, slope: Int, offset: Int, divisor: Int) -> Int128 {
        var (n, a, b, m) = (Int128(max(count, 0)), Int128(slope), Int128(offset), Int128(divisor))
        var total: Int128 = 0
        // Negative slopes and offsets are brought above 0 by whole multiples of the divisor.
        let (wholeSlope, wholeOffset) = (floor(a, m), floor(b, m))
        total += wholeSlope * (n * (n - 1) / 2) + wholeOffset * n
        (a, b) = (a - wholeSlope * m, b - wholeOffset * m)
        while n > 0 {
            total += (a / m) * (n * (n - 1) / 2) + (b / m) * n
            (a, b) = (a % m, b % m)
            let reach = a * n + b
            if reach < m { break }
            (n, b) = (reach / m, reach % m)
            (m, a) = (a, m)
        }
        return total
    }

    /// Σ clamp(⌈(from − i·stride)/step⌉, 0, limit) for i from 0 to below `count`: how many of `limit` taps, `step` apart,
    /// lie below a position, over windows that are `stride` apart.
    static func clampedSteps(from: Int, count: Int, stride: Int, step: Int, limit: Int) -> Int128 {
        guard count > 0, limit > 0 else { return 0 }
        // ⌈x/step⌉ ≥ limit while i·stride ≤ from − (limit − 1)·step − 1, and above 0 while i·stride < from.
        let full = min(max((from - (limit - 1) * step - 1).floorDivided(by: stride) + 1, 0), count)
        let positive = min(max((from + stride - 1).floorDivided(by: stride), full), count)
        let partial = sum(
            count: positive - full, slope: -stride, offset: from - full * stride + step - 1, divisor: step)
        return Int128(full) * Int128(limit) + partial
    }

    /// The first i below `count` with (stride·i + offset) mod `modulus` ≥ `atLeast`; nil for none.
    static func first(below count: Int, stride: Int, offset: Int, modulus: Int, atLeast: Int) -> Int? {
        /// How many of the first `n` reach `atLeast`: ⌊(x + m − t)/m⌋ − ⌊x/m⌋ is 1 exactly for these.
        func reaching(_ n: Int) -> Int128 {
            sum(count: n, slope: stride, offset: offset + modulus - atLeast, divisor: modulus)
                - sum(count: n, slope: stride, offset: offset, divisor: modulus)
        }
        guard count > 0, reaching(count) > 0 else { return nil }
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if reaching(middle) > 0 { high = middle } else { low = middle }
        }
        return low
    }

    private static func floor(_ value: Int128, _ divisor: Int128) -> Int128 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
