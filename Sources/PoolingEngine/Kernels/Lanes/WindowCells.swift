/// The cells of eight windows side by side, one in each lane, or of one window in eight parts.
///
/// A window that is folded in parts has the folded value in all lanes, so that ops need not know which it is. What a
/// lane gets depends on its window alone, never on its neighbours.
struct WindowCells<Element: RealElement> {
    let tile: WindowTile<Element>
    let scratch: WindowScratch<Element>
    /// The window in the first lane.
    let lane: Int
    /// Lanes, the first ones, whose windows were in lanes before.
    var repeatedLanes = 0

    /// Cells of each window.
    @inline(__always) var count: Int { tile.tapCount }
    @inline(__always) var isSplit: Bool { tile.isSplit }
    @inline(__always) static var width: Int { Lanes.scalarCount }
    /// Lanes that hold windows.
    @inline(__always) var laneCount: Int { min(tile.laneCount &- lane, Self.width) }

    /// The flat output positions of the windows.
    @inline(__always)
    var outputs: SIMD8<UInt64> {
        let lanes: SIMD8<UInt64> = [0, 1, 2, 3, 4, 5, 6, 7]
        let first = UInt64(truncatingIfNeeded: tile.output(ofLane: lane))
        return lanes &* UInt64(truncatingIfNeeded: tile.outputStep) &+ first
    }

    /// The cells of a tap, or of eight from there on.
    @inline(__always)
    private subscript(tap: Int) -> Lanes {
        Element.lanes(isSplit ? tile.values + tap : tile.row(tap) + lane)
    }

    /// Calls `body` with the cells, and where not all lanes hold one that is new, with those that do.
    @inline(__always)
    func forEach(from start: Int = 0, _ body: (_ tap: Int, _ cells: Lanes, _ isIn: Lanes.Mask?) -> Void) {
        guard isSplit else {
            tile.forEachTap(scratch, from: start) { tap in body(tap, Element.lanes(tile.row(tap) + lane), nil) }
            return
        }
        let wholeCount = count & ~(Self.width - 1)
        let goesOn = forEachStep(from: start, to: wholeCount, by: Self.width) { body($0, self[$0], nil) }
        guard goesOn, wholeCount < count else { return }
        let first = max(count &- Self.width, 0)
        body(first, Self.rest(tile.values, count), Lanes.lanes(from: wholeCount &- first, below: count &- first))
    }

    /// Calls `body` with taps and their cells, four at a time as far as that goes.
    @inline(__always)
    private func forEachFour(
        _ body: (_ tap: Int, _ step: Int, _ first: Lanes, _ second: Lanes, _ third: Lanes, _ fourth: Lanes) -> Void,
        rest: (_ tap: Int, _ cells: Lanes, _ isIn: Lanes.Mask?) -> Void
    ) {
        let end = count & ~(4 &* (isSplit ? Self.width : 1) &- 1)
        let goesOn: Bool
        // Loops of their own, with nothing to be decided.
        if isSplit {
            let (cells, step) = (tile.values, Self.width)
            goesOn = forEachStep(from: 0, to: end, by: 4 &* step) { tap in
                let first = cells + tap
                body(
                    tap, step, Element.lanes(first), Element.lanes(first + step), Element.lanes(first + 2 &* step),
                    Element.lanes(first + 3 &* step))
            }
        } else {
            goesOn = forEachStep(from: 0, to: end, by: 4) { tap in
                body(tap, 1, self[tap], self[tap &+ 1], self[tap &+ 2], self[tap &+ 3])
            }
        }
        if goesOn { forEach(from: end, rest) }
    }

    /// Calls `body` with every `step`th tap, unless the computation should stop.
    ///
    /// - Returns: whether it should not.
    @inline(__always)
    private func forEachStep(from start: Int, to end: Int, by step: Int, _ body: (_ tap: Int) -> Void) -> Bool {
        var tap = start
        while tap < end {
            let pause = min(tap &+ WindowScratch<Element>.tapsBetweenLooks, end)
            while tap < pause {
                body(tap)
                tap &+= step
            }
            if tap < end, scratch.isStopped { return false }
        }
        return true
    }

    /// The last eight of `count` cells, or all of fewer.
    @inline(__always)
    private static func rest(_ cells: UnsafePointer<Element>, _ count: Int) -> Lanes {
        guard count < width else { return Element.lanes(cells + (count &- width)) }
        var rest = Lanes(repeating: cells[0].double)
        for cell in 0..<count { rest[cell] = cells[cell].double }
        return rest
    }

    /// The fold of all parts of a window, where it has parts.
    @inline(__always)
    func whole(_ folded: Lanes, _ fold: (Lanes, Lanes) -> Lanes) -> Lanes {
        isSplit ? folded.folded(fold) : folded
    }

    /// The first cell of each window.
    @inline(__always)
    var first: Lanes {
        isSplit ? Lanes(repeating: tile.values[0].double) : Element.lanes(tile.row(0) + lane)
    }

    /// Σ map(x).
    @inline(__always)
    func sum(_ map: (Lanes) -> Lanes) -> Lanes { sumByTap { map($1) } }

    /// Σ map(tap, x); where windows are folded in parts, the tap is the first of eight.
    @inline(__always)
    func sumByTap(_ map: (_ tap: Int, _ x: Lanes) -> Lanes) -> Lanes { folded(from: 0, map, Lanes.sum) }

    /// The largest of map(x), NaN over all.
    @inline(__always)
    func largest(_ map: (Lanes) -> Lanes) -> Lanes { folded(from: -.infinity, { map($1) }, Lanes.larger) }

    /// Π x.
    @inline(__always)
    func product() -> Lanes { folded(from: 1, { $1 }, Lanes.product) }

    /// Folds map(x): four with each other before with those before, for which they then need not wait.
    @inline(__always)
    private func folded(
        from start: Double, _ map: (_ tap: Int, _ x: Lanes) -> Lanes, _ fold: (Lanes, Lanes) -> Lanes
    ) -> Lanes {
        var folded = Lanes(repeating: start)
        forEachFour { tap, step, first, second, third, fourth in
            let two = fold(map(tap, first), map(tap &+ step, second))
            let others = fold(map(tap &+ 2 &* step, third), map(tap &+ 3 &* step, fourth))
            folded = fold(folded, fold(two, others))
        } rest: { tap, cells, isIn in
            folded = fold(folded, map(tap, cells).only(where: isIn, else: start))
        }
        return whole(folded, fold)
    }

    /// Σ x, and the largest x, which is undefined where the sum is NaN.
    @inline(__always)
    func sumAndLargest() -> (sum: Lanes, largest: Lanes) {
        var (sum, largest) = (Lanes.zero, Lanes(repeating: -.infinity))
        forEachFour { _, _, first, second, third, fourth in
            sum = Lanes.sum(sum, Lanes.sum(Lanes.sum(first, second), Lanes.sum(third, fourth)))
            let two = Lanes.largerNumber(first, second)
            largest = Lanes.largerNumber(largest, Lanes.largerNumber(two, Lanes.largerNumber(third, fourth)))
        } rest: { _, cells, isIn in
            sum += cells.only(where: isIn, else: 0)
            largest = Lanes.largerNumber(largest, cells.only(where: isIn, else: -.infinity))
        }
        return (whole(sum, +), whole(largest, Lanes.largerNumber))
    }

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

/// The products of all cells of windows but one, from the product of those that are not 0 and the number of zeros.
struct OtherProducts {
    private let ofNumbers: Lanes
    private let ofZeros: Lanes
    /// Where the product is out of range, or no number.
    let isUnknown: Lanes.Mask
    let areKnown: Bool

    /// Products within it, times or over any cell and gradient of a `Float`, are normal numbers.
    private static var range: ClosedRange<Double> { 1e-200...1e200 }

    @inline(__always)
    init(product: Lanes, zeros: Lanes) {
        ofNumbers = product.replacing(with: 0, where: zeros .!= 0)
        ofZeros = product.replacing(with: 0, where: zeros .!= 1)
        let size = product.magnitude
        isUnknown = .!((size .>= Self.range.lowerBound) .& (size .<= Self.range.upperBound))
        areKnown = size.allLie(within: Self.range.lowerBound, Self.range.upperBound)
    }

    /// A cell's factor of the product.
    @inline(__always)
    static func factor(_ x: Lanes) -> Lanes { x.replacing(with: 1, where: x .== 0) }

    /// What a cell adds to the number of zeros.
    @inline(__always)
    static func zero(_ x: Lanes) -> Lanes { Lanes.zero.replacing(with: 1, where: x .== 0) }

    /// The derivatives of products over the cells, times gradients.
    @inline(__always)
    func slopes(_ incoming: Lanes) -> (ofNumbers: Lanes, ofZeros: Lanes) { (ofNumbers * incoming, ofZeros * incoming) }

    @inline(__always)
    func callAsFunction(_ x: Lanes) -> Lanes { (ofNumbers / x).replacing(with: ofZeros, where: x .== 0) }
}

/// A reduction that folds the cells of windows, side by side or in parts: what it computes is written once, in lanes.
protocol FoldReduction: Reduction where Element: RealElement {
    /// The value of each window.
    func value(_ cells: WindowCells<Element>) -> Lanes

    /// Spreads the derivatives of each window's value.
    func spread(_ cells: WindowCells<Element>)
}

extension FoldReduction {
    @inline(__always)
    func fold(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        tile.forEachCells(scratch) { cells in Element.store(value(cells), scratch.results + cells.lane) }
    }

    @inline(__always)
    func spreadFold(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        tile.forEachCells(scratch) { cells in spread(cells) }
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) { fold(tile, scratch) }

    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) { spreadFold(tile, scratch) }
}

extension WindowTile where Element: RealElement {
    /// Calls `body` with eight windows after the other, or with the only one.
    @inline(__always)
    func forEachCells(_ scratch: WindowScratch<Element>, _ body: (WindowCells<Element>) -> Void) {
        var next = 0
        forEachVector(width: Lanes.scalarCount) { lane in
            body(WindowCells(tile: self, scratch: scratch, lane: lane, repeatedLanes: next &- lane))
            next &+= Lanes.scalarCount
        }
    }
}
