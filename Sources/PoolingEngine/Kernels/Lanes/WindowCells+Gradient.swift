/// Gradients that are sent back to the cells.
extension WindowCells {
    /// The gradients with respect to the windows' values.
    @inline(__always)
    var incoming: Lanes {
        isSplit ? Lanes(repeating: scratch.incoming[0].double) : Element.lanes(scratch.incoming + lane)
    }

    /// Writes `derivative(x)`, times the incoming gradient, to every cell's gradient; cells that it ignores are not read.
    @inline(__always)
    func spread(_ derivative: (Lanes) -> Lanes) {
        let incoming = incoming
        forEach { tap, cells, _ in store(derivative(cells) * incoming, tap) }
    }

    /// Whether each cell's gradient is written once, so that something can be kept there until then.
    @inline(__always)
    var hasOwnGradients: Bool { !isSplit || count.isMultiple(of: Self.width) }

    /// Writes `derivative(x, kept)`, times the incoming gradient, to every cell's gradient, where `kept` was stored.
    @inline(__always)
    func spreadKept(_ derivative: (_ x: Lanes, _ kept: Lanes) -> Lanes) {
        let incoming = incoming
        forEach { tap, cells, _ in store(derivative(cells, Element.lanes(gradients(tap))) * incoming, tap) }
    }

    /// Writes `derivative(x)`, times the incoming gradient, to the gradient of the first cell of each window for which
    /// `isWanted` is true, and 0 to the others.
    @inline(__always)
    func spreadToFirst(_ isWanted: (Lanes) -> Mask, derivative: (Lanes) -> Lanes) {
        let incoming = incoming
        guard !isSplit else {
            spread { _ in .zero }
            let tap = (0..<count).first { isWanted(Lanes(repeating: tile.values[$0].double))[0] }
            guard let tap else { return }
            scratch.gradients[tap] = Element(derivative(Lanes(repeating: tile.values[tap].double))[0] * incoming[0])
            return
        }
        var isOpen = Mask(repeating: true)
        forEach { tap, cells, _ in
            let isFirst = isWanted(cells) .& isOpen
            isOpen = isOpen .& .!isFirst
            store(Lanes.zero.replacing(with: derivative(cells) * incoming, where: isFirst), tap)
        }
    }

    typealias Mask = Lanes.Mask

    /// Writes the product of the other cells, times the incoming gradient, to every cell's gradient.
    @inline(__always)
    func spreadProductsOfOthers() {
        let others = OtherProducts(
            product: folded(from: 1, { OtherProducts.factor($1) }, Lanes.product), zeros: sum(OtherProducts.zero))
        let incoming = incoming
        let isUnknown = others.areKnown ? nil : others.isUnknown
        if let isUnknown {
            spreadProductsInTurn()
            // A window has the same gradients whatever its neighbours are.
            if isSplit { return }
            forEach { tap, x, _ in
                let kept = Element.lanes(gradients(tap))
                store((others(x) * incoming).replacing(with: kept, where: isUnknown), tap)
            }
        } else {
            forEach { tap, x, _ in store(others(x) * incoming, tap) }
        }
    }

    /// The same where products may be out of range: the product of all cells before, times all cells after.
    @inline(never)
    private func spreadProductsInTurn() {
        if isSplit { return spreadProductsInParts() }
        var (before, after) = (incoming, Lanes(repeating: 1))
        forEach { tap, cells, _ in
            store(before, tap)
            before *= cells
        }
        for tap in (0..<count).reversed() {
            store(Element.lanes(gradients(tap)) * after, tap)
            after *= Element.lanes(tile.row(tap) + lane)
        }
    }

    /// The same for the parts of one window, of which each is multiplied by all others.
    private func spreadProductsInParts() {
        let wholeCount = count & ~(Self.width - 1)
        var parts = Lanes(repeating: 1)
        for tap in stride(from: 0, to: wholeCount, by: Self.width) {
            store(parts, tap)
            parts *= self[tap]
        }
        var factors = (0..<Self.width).map { parts[$0] } + (wholeCount..<count).map { tile.values[$0].double }
        Self.multiplyOthers(&factors, times: scratch.incoming[0].double)
        var after = Lanes(factors[..<Self.width])
        for tap in stride(from: wholeCount - Self.width, through: 0, by: -Self.width) {
            store(Element.lanes(gradients(tap)) * after, tap)
            after *= self[tap]
        }
        for tap in wholeCount..<count { scratch.gradients[tap] = Element(factors[tap - wholeCount + Self.width]) }
    }

    /// Replaces each number by the product of the others.
    private static func multiplyOthers(_ factors: inout [Double], times number: Double) {
        var (before, after) = (number, 1.0)
        let own = factors
        for index in factors.indices {
            factors[index] = before
            before *= own[index]
        }
        for index in factors.indices.reversed() {
            factors[index] *= after
            after *= own[index]
        }
    }

    @inline(__always)
    private func gradients(_ tap: Int) -> UnsafeMutablePointer<Element> {
        scratch.gradients + (isSplit ? tap : tap &* tile.laneCapacity &+ lane)
    }

    @inline(__always)
    func store(_ lanes: Lanes, _ tap: Int) { Element.store(lanes, gradients(tap)) }
}
