/// Ops over integers, exact whatever their size.
extension ReductionInput {
    /// The reduction of `whole`, the window's integers.
    ///
    /// - Throws: ``OracleFailure/integerOverflow`` where the result needs more than 128 bits; a narrower type is the
    ///   caller's to check.
    func reduced(_ whole: [Int128]) throws -> (value: Int128, selected: Int?) {
        let order = whole.indices.sorted { (whole[$0], $0) < (whole[$1], $1) }
        switch request.op {
        case "max": return select(whole, whole.firstIndex(of: whole[order[whole.count - 1]]) ?? 0)
        case "min": return select(whole, order[0])
        case "median":
            return select(whole, whole.firstIndex(of: whole[order[(whole.count - 1) / 2]]) ?? 0)
        case "first": return select(whole, 0)
        case "last": return select(whole, whole.count - 1)
        case "sum": return (whole.reduce(0, +), nil)
        case "avg": return (roundedQuotient(whole.reduce(0, +), Int128(averageDivisor)), nil)
        case "product": return (try product(whole), nil)
        default: throw OracleFailure.rejected("op \(request.op) takes no integers")
        }
    }

    private func select(_ whole: [Int128], _ index: Int) -> (value: Int128, selected: Int?) { (whole[index], index) }

    /// The quotient rounded half to even.
    private func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let sign: Int128 = (dividend < 0) != (divisor < 0) ? -1 : 1
        let (quotient, remainder) = (dividend < 0 ? -dividend : dividend)
            .quotientAndRemainder(dividingBy: divisor < 0 ? -divisor : divisor)
        let twice = 2 * remainder
        let size = divisor < 0 ? -divisor : divisor
        let up = twice > size || (twice == size && !quotient.isMultiple(of: 2))
        return sign * (quotient + (up ? 1 : 0))
    }

    private func product(_ whole: [Int128]) throws -> Int128 {
        if whole.contains(0) { return 0 }
        var product: Int128 = 1
        for factor in whole {
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            if overflow { throw OracleFailure.integerOverflow }
            product = next
        }
        return product
    }
}
