/// The loops of sums of cells times numbers, in double precision: loads, products and sums in a fixed order.
enum TapSum {
    typealias Cells = PlainCells<SumFold<Double>>
    typealias Buffers = RowBuffers<Cells>
    typealias Line = Cells.Line

    /// Cells in a vector.
    static var width: Int { Cells.width }

    @inline(__always)
    static func load(_ cells: UnsafePointer<Double>) -> Lanes { Double.lanes(cells) }

    /// Eight elements that follow each other.
    @inline(__always)
    static func widened<Stored: StoredElement>(_ elements: UnsafePointer<Stored>) -> Lanes
    where Stored.Computed: RealElement {
        if Stored.self == Stored.Computed.self {
            return Stored.Computed.lanes(UnsafeRawPointer(elements).assumingMemoryBound(to: Stored.Computed.self))
        }
        var lanes = Lanes.zero
        for lane in 0..<width { lanes[lane] = elements[lane].computed.double }
        return lanes
    }

    /// Of sixteen elements that follow each other every second one, and the others.
    @inline(__always)
    private static func widenedPairs<Stored: StoredElement>(
        _ elements: UnsafePointer<Stored>
    ) -> (evens: Lanes, odds: Lanes) where Stored.Computed: RealElement {
        if Stored.self == Stored.Computed.self {
            return Stored.Computed.lanePairs(UnsafeRawPointer(elements).assumingMemoryBound(to: Stored.Computed.self))
        }
        let (first, second) = (widened(elements), widened(elements + width))
        return (
            Lanes(lowHalf: first.evenHalf, highHalf: second.evenHalf),
            Lanes(lowHalf: first.oddHalf, highHalf: second.oddHalf)
        )
    }

    /// Converts `count` elements that are `step` apart.
    @inline(__always)
    static func widen<Stored: StoredElement>(
        _ elements: UnsafePointer<Stored>, step: Int, count: Int, into target: Line
    ) where Stored.Computed: RealElement {
        var cell = 0
        if step == 1 {
            while cell &+ width <= count {
                Double.store(widened(elements + cell), target + cell)
                cell &+= width
            }
        }
        while cell < count {
            target[cell] = elements[cell &* step].computed.double
            cell &+= 1
        }
    }

    /// Converts `count` elements: every second one, and the others.
    @inline(__always)
    static func widenPairs<Stored: StoredElement>(
        _ elements: UnsafePointer<Stored>, count: Int, _ evens: Line, _ odds: Line
    ) where Stored.Computed: RealElement {
        @inline(__always)
        func widenVectors(_ cell: Int) {
            let pairs = widenedPairs(elements + 2 &* cell)
            Double.store(pairs.evens, evens + cell)
            Double.store(pairs.odds, odds + cell)
        }
        let pairs = count / 2
        var cell = 0
        while cell &+ width <= pairs {
            widenVectors(cell)
            cell &+= width
        }
        if cell < pairs, pairs >= width {
            widenVectors(pairs &- width)
            cell = pairs
        }
        while cell < pairs {
            evens[cell] = elements[2 &* cell].computed.double
            odds[cell] = elements[2 &* cell &+ 1].computed.double
            cell &+= 1
        }
        if count % 2 == 1 { evens[pairs] = elements[count &- 1].computed.double }
    }

    /// Writes Σ weight·cell over some lines, for `count` cells of each from `shift` on, and no cell behind them.
    ///
    /// Lines have room for whole vectors behind those.
    @inline(__always)
    static func combine<Cell: StoredElement, Number: RealElement>(
        _ lines: UnsafePointer<UnsafeMutablePointer<Cell>>, _ weights: UnsafePointer<Double>, _ lineCount: Int,
        shift: Int, count: Int, into target: UnsafeMutablePointer<Number>
    ) where Cell.Computed: RealElement {
        @inline(__always)
        func put(_ sums: Lanes, _ cell: Int) {
            if cell &+ width <= count { return Number.store(sums, target + cell) }
            for lane in 0..<max(count &- cell, 0) { target[cell &+ lane] = Number(sums[lane]) }
        }
        var cell = 0
        while cell &+ 2 &* width < count {
            var (first, second, third, fourth) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
            let hasFour = cell &+ 3 &* width < count
            for number in 0..<lineCount {
                let (cells, weight) = (lines[number] + (shift &+ cell), Lanes(repeating: weights[number]))
                first += weight * widened(cells)
                second += weight * widened(cells + width)
                third += weight * widened(cells + 2 &* width)
                if hasFour { fourth += weight * widened(cells + 3 &* width) }
            }
            put(first, cell)
            put(second, cell &+ width)
            put(third, cell &+ 2 &* width)
            if hasFour { put(fourth, cell &+ 3 &* width) }
            cell &+= hasFour ? 4 &* width : 3 &* width
        }
        while cell < count {
            var sums = Lanes.zero
            for number in 0..<lineCount {
                sums += Lanes(repeating: weights[number]) * widened(lines[number] + (shift &+ cell))
            }
            put(sums, cell)
            cell &+= width
        }
    }

    /// Adds the products of lines with `other` to eight sums for each line; vectors of `other` end with zeros.
    @inline(__always)
    static func correlate(
        _ lines: UnsafePointer<Line>, _ sums: UnsafePointer<Line>, _ lineCount: Int, shift: Int,
        with other: UnsafePointer<Double>, count: Int
    ) {
        var number = 0
        while number &+ 4 <= lineCount {
            let (a, b) = (lines[number] + shift, lines[number &+ 1] + shift)
            let (c, d) = (lines[number &+ 2] + shift, lines[number &+ 3] + shift)
            var (first, second) = (load(sums[number]), load(sums[number &+ 1]))
            var (third, fourth) = (load(sums[number &+ 2]), load(sums[number &+ 3]))
            var cell = 0
            while cell < count {
                let cells = load(other + cell)
                first += load(a + cell) * cells
                second += load(b + cell) * cells
                third += load(c + cell) * cells
                fourth += load(d + cell) * cells
                cell &+= width
            }
            Double.store(first, sums[number])
            Double.store(second, sums[number &+ 1])
            Double.store(third, sums[number &+ 2])
            Double.store(fourth, sums[number &+ 3])
            number &+= 4
        }
        while number < lineCount {
            let line = lines[number] + shift
            var sum = load(sums[number])
            var cell = 0
            while cell < count {
                sum += load(line + cell) * load(other + cell)
                cell &+= width
            }
            Double.store(sum, sums[number])
            number &+= 1
        }
    }
}
