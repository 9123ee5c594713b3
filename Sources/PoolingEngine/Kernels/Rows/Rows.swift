/// The loops over rows that all row kernels are made of: nothing but loads, folds and stores.
///
/// What is called once a row or a band is not inlined: all formats of a type share it.
enum Rows<Cells: RowCells> {
    typealias Row = Cells.Row
    typealias Line = Cells.Line

    /// Lines one under the other.
    struct Block {
        let first: Line
        /// Cells from line to line.
        let pitch: Int

        @inline(__always)
        func line(_ number: Int) -> Line { Cells.advanced(first, by: number &* pitch) }

        /// The lines from one on.
        @inline(__always)
        func from(_ number: Int) -> Block { Block(first: line(number), pitch: pitch) }
    }

    /// Calls `body` with the first position of each vector that `count` cells take.
    @inline(__always)
    static func forEachVector(_ count: Int, _ body: (Int) -> Void) {
        var position = 0
        while position < count {
            body(position)
            position &+= Cells.width
        }
    }

    /// The cells of a row to take in whole vectors; the rest, if any, is half a vector.
    ///
    /// Short rows are common, and so are rows a little longer than some vectors.
    @inline(__always)
    static func wholeVectors(_ count: Int) -> Int {
        (count &+ Cells.width &- Cells.halfWidth &- 1) / Cells.width &* Cells.width
    }

    /// Folds a second line into a first.
    @inline(__always)
    static func fold(_ first: Line, _ second: Line, into target: Line, count: Int) {
        forEachVector(count) { Cells.store(Cells.fold(Cells.load(first, $0), Cells.load(second, $0)), target, $0) }
    }

    /// Folds lines from the first to the last, cell by cell.
    static func fold(_ lines: UnsafePointer<Line>, _ lineCount: Int, into target: Line, count: Int) {
        let first = lines[0]
        switch lineCount {
        case 1: forEachVector(count) { Cells.store(Cells.load(first, $0), target, $0) }
        case 2: fold(first, lines[1], into: target, count: count)
        case 3:
            let (second, third) = (lines[1], lines[2])
            forEachVector(count) {
                let folded = Cells.fold(Cells.load(first, $0), Cells.load(second, $0))
                Cells.store(Cells.fold(folded, Cells.load(third, $0)), target, $0)
            }
        default:
            forEachVector(count) { position in
                @inline(__always)
                func block(from first: Int) -> Cells.Cells {
                    var folded = Cells.load(lines[first], position)
                    for number in first &+ 1..<min(first &+ linesTogether, lineCount) {
                        folded = Cells.fold(folded, Cells.load(lines[number], position))
                    }
                    return folded
                }
                var folded = block(from: 0)
                var next = linesTogether
                while next < lineCount {
                    folded = Cells.fold(folded, block(from: next))
                    next &+= linesTogether
                }
                Cells.store(folded, target, position)
            }
        }
    }

    /// Lines that are folded by themselves first: sums of very many lose less than one by one.
    private static var linesTogether: Int { 64 }

    /// Divides exactly `count` cells by one number.
    @inline(__always)
    static func divide(_ cells: UnsafeMutablePointer<Row>, by number: Double, count: Int) {
        let divisors = Row.Vector(repeating: Cells.Fold.divisor(number))
        var position = 0
        while position &+ Cells.width <= count {
            Row.store(Cells.Fold.divided(Row.load(cells + position), by: divisors), cells + position)
            position &+= Cells.width
        }
        for i in position..<count { cells[i] = Cells.Fold.divided(cells[i], by: number) }
    }
}

/// Windows along rows: how cells of a line are folded with their neighbours.
extension Rows {
    /// Folds the windows of `rowCount` lines; window `i` begins at cell `i` · `stride`.
    ///
    /// Where lines follow each other evenly they are one long line: what is folded across their seams is not looked at.
    static func slide(_ source: Block, into target: Block, rowCount: Int, count: Int, kernel: Int, stride: Int) {
        if source.pitch == stride &* target.pitch {
            let whole = (rowCount &- 1) &* target.pitch &+ count
            slide(source.first, into: target.first, count: whole, kernel: kernel, stride: stride)
            return
        }
        for row in 0..<rowCount {
            slide(source.line(row), into: target.line(row), count: count, kernel: kernel, stride: stride)
        }
    }

    @inline(__always)
    private static func slide(_ source: Line, into target: Line, count: Int, kernel: Int, stride: Int) {
        if stride == 1 {
            slideByOne(source, into: target, count: count, kernel: kernel)
        } else {
            slideByTwo(source, into: target, count: count, kernel: kernel)
        }
    }

    @inline(__always)
    private static func slideByOne(_ source: Line, into target: Line, count: Int, kernel: Int) {
        switch kernel {
        case 2:
            forEachVector(count) {
                Cells.store(Cells.fold(Cells.load(source, $0), Cells.load(source, $0 &+ 1)), target, $0)
            }
        case 3:
            forEachVector(count) {
                let folded = Cells.fold(Cells.load(source, $0), Cells.load(source, $0 &+ 1))
                Cells.store(Cells.fold(folded, Cells.load(source, $0 &+ 2)), target, $0)
            }
        default:
            forEachVector(count) {
                var folded = Cells.load(source, $0)
                for tap in 1..<max(kernel, 1) { folded = Cells.fold(folded, Cells.load(source, $0 &+ tap)) }
                Cells.store(folded, target, $0)
            }
        }
    }

    @inline(__always)
    private static func slideByTwo(_ source: Line, into target: Line, count: Int, kernel: Int) {
        @inline(__always)
        func pair(_ position: Int) -> Cells.Cells {
            let (evens, odds) = Cells.split(source, 2 &* position)
            return Cells.fold(evens, odds)
        }
        @inline(__always)
        func tap(_ position: Int, _ number: Int) -> Cells.Cells {
            Cells.split(source, 2 &* position &+ number).evens
        }
        switch kernel {
        case 1: forEachVector(count) { Cells.store(tap($0, 0), target, $0) }
        case 2: forEachVector(count) { Cells.store(pair($0), target, $0) }
        case 3: forEachVector(count) { Cells.store(Cells.fold(pair($0), tap($0, 2)), target, $0) }
        default:
            forEachVector(count) {
                var folded = pair($0)
                for number in 2..<kernel { folded = Cells.fold(folded, tap($0, number)) }
                Cells.store(folded, target, $0)
            }
        }
    }

    /// As ``slide(_:into:rowCount:count:kernel:stride:)`` of stride 1: windows of 2, 4, 8, … cells are folded from two
    /// of half the size, so that the cost grows with log2(kernel).
    ///
    /// For selections, which may see a cell twice. `spare` has the pitch and the room of `target`.
    static func slideByDoubling(
        _ source: Block, into target: Block, spare: Line, rowCount: Int, count: Int, kernel: Int
    ) {
        let whole = (rowCount &- 1) &* source.pitch &+ count &+ kernel
        var (from, to) = (source.first, target.first)
        var next = spare
        var width = 1
        while width * 2 <= kernel {
            fold(from, Cells.advanced(from, by: width), into: to, count: whole - 2 * width)
            (from, to, next) = (to, next, to)
            width *= 2
        }
        // The cells that were folded last may be where the result belongs; its windows are then written over from the
        // front, behind where they are read.
        fold(from, Cells.advanced(from, by: kernel - width), into: target.first, count: whole - kernel)
    }

    /// Folds windows of columns that have `cell` cells each, one cell of all columns next to the other.
    static func fold(
        _ cells: UnsafePointer<Row>, into target: UnsafeMutablePointer<Row>, windows: [Range<Int>], cell: Int,
        neutral: Row
    ) {
        for (number, window) in windows.enumerated() {
            let target = target + number &* cell
            let first = cells + window.lowerBound &* cell
            forEachVector(cell) { position in
                var folded = window.isEmpty ? Row.Vector(repeating: neutral) : Row.load(first + position)
                for column in 1..<max(window.count, 1) {
                    folded = Cells.Fold.fold(folded, Row.load(first + (column &* cell &+ position)))
                }
                Row.store(folded, target + position)
            }
        }
    }

    /// Folds windows of any extents and distances: tap `t` of window `i` is the cell `columns[t · pitch + i]`.
    ///
    /// - Parameter divisors: what folded cells are divided by; nil for nothing.
    static func gather(
        _ cells: UnsafePointer<Row>, into target: UnsafeMutablePointer<Row>, count: Int, _ taps: RowTaps,
        divisors: UnsafePointer<Row>? = nil
    ) {
        @inline(__always)
        func vector(_ columns: UnsafePointer<Int32>) -> Row.Vector {
            var vector = Row.Vector()
            for lane in 0..<Cells.width { vector[lane] = cells[Int(columns[lane])] }
            return vector
        }
        taps.columns.withUnsafeBufferPointer { columns in
            guard let columns = columns.baseAddress else { return }
            var position = 0
            while position < count {
                var folded = vector(columns + position)
                for tap in 1..<max(taps.count, 1) {
                    folded = Cells.Fold.fold(folded, vector(columns + (tap &* taps.pitch &+ position)))
                }
                if let divisors { folded = Cells.Fold.divided(folded, by: Row.load(divisors + position)) }
                Row.store(folded, target + position)
                position &+= Cells.width
            }
        }
    }
}
