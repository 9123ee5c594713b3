/// The loops over rows that all row kernels are made of: nothing but loads, folds and stores.
///
/// With ``RowBuffers`` the only pointer arithmetic of row kernels. Callers pass rows of at least the lengths said.
enum Rows<Fold: RowFold> {
    typealias Row = Fold.Row

    /// target[i] = first[i] ∘ second[i].
    @inline(__always)
    static func fold(
        _ first: UnsafePointer<Row>, _ second: UnsafePointer<Row>, into target: UnsafeMutablePointer<Row>, count: Int
    ) {
        for i in 0..<count { target[i] = Fold.fold(first[i], second[i]) }
    }

    /// target[i] = first[i] ∘ second[i] ∘ third[i].
    @inline(__always)
    static func fold(
        _ first: UnsafePointer<Row>, _ second: UnsafePointer<Row>, _ third: UnsafePointer<Row>,
        into target: UnsafeMutablePointer<Row>, count: Int
    ) {
        for i in 0..<count { target[i] = Fold.fold(Fold.fold(first[i], second[i]), third[i]) }
    }

    /// target[i] = source[i·stride] ∘ … ∘ source[i·stride + kernel − 1].
    ///
    /// - Parameter phases: room for `max(stride, 2)` rows of `count + kernel` cells, used for uncommon shapes.
    @inline(__always)
    static func slide(
        _ source: UnsafePointer<Row>, kernel: Int, stride: Int, into target: UnsafeMutablePointer<Row>, count: Int,
        phases: UnsafeMutablePointer<Row>
    ) {
        switch (kernel, stride) {
        case (2, 1): slide(source, 1, into: target, count) { Fold.fold($0[0], $0[1]) }
        case (3, 1): slide(source, 1, into: target, count) { Fold.fold(Fold.fold($0[0], $0[1]), $0[2]) }
        case (2, 2): slide(source, 2, into: target, count) { Fold.fold($0[0], $0[1]) }
        case (3, 2): slide(source, 2, into: target, count) { Fold.fold(Fold.fold($0[0], $0[1]), $0[2]) }
        case (_, 1): slideDense(source, kernel: kernel, into: target, count: count, doubled: phases)
        default: slideByPhases(source, kernel: kernel, stride: stride, into: target, count: count, phases: phases)
        }
    }

    @inline(__always)
    private static func slide(
        _ source: UnsafePointer<Row>, _ stride: Int, into target: UnsafeMutablePointer<Row>, _ count: Int,
        _ window: (UnsafePointer<Row>) -> Row
    ) {
        for i in 0..<count { target[i] = window(source + i &* stride) }
    }

    /// Windows of 2, 4, 8, … cells are folded from two of half the size, so that the cost grows with log2(kernel).
    private static func slideDense(
        _ source: UnsafePointer<Row>, kernel: Int, into target: UnsafeMutablePointer<Row>, count: Int,
        doubled: UnsafeMutablePointer<Row>
    ) {
        if kernel == 1 || kernel < 6 || !Fold.isChoice {
            target.update(from: source, count: count)
            for tap in 1..<max(kernel, 1) { fold(target, source + tap, into: target, count: count) }
            return
        }
        var width = 2
        let length = count + kernel - 1
        var (whole, next) = (doubled, doubled + length)
        fold(source, source + 1, into: whole, count: length - 1)
        while width * 2 <= kernel {
            fold(whole, whole + width, into: next, count: length - 2 * width + 1)
            swap(&whole, &next)
            width *= 2
        }
        fold(whole, whole + (kernel - width), into: target, count: count)
    }

    /// Cells of one residue of the stride stand side by side first, so that taps are dense.
    private static func slideByPhases(
        _ source: UnsafePointer<Row>, kernel: Int, stride: Int, into target: UnsafeMutablePointer<Row>, count: Int,
        phases: UnsafeMutablePointer<Row>
    ) {
        let length = count + (kernel - 1) / stride
        for phase in 0..<min(stride, kernel) {
            let cells = min(length, ((count - 1) * stride + kernel - 1 - phase) / stride + 1)
            let row = phases + phase * length
            if stride == 2 {
                for i in 0..<cells { row[i] = source[2 &* i &+ phase] }
            } else {
                for i in 0..<cells { row[i] = source[i &* stride &+ phase] }
            }
        }
        target.update(from: phases, count: count)
        for tap in 1..<max(kernel, 1) {
            fold(target, phases + (tap % stride * length + tap / stride), into: target, count: count)
        }
    }

    /// target[i] = source[starts[i]] ∘ … over `counts[i]` cells, for windows that are all different.
    static func slideUnevenly(
        _ source: UnsafePointer<Row>, _ windows: [Range<Int>], into target: UnsafeMutablePointer<Row>
    ) {
        for (i, window) in windows.enumerated() {
            var folded = source[window.lowerBound]
            for cell in window.dropFirst() { folded = Fold.fold(folded, source[cell]) }
            target[i] = folded
        }
    }
}

/// The same loops where the place of the chosen cell goes along.
enum IndexedRows<Fold: RowFold> {
    typealias Row = Fold.Row

    /// Folds a second row of cells, with their places, into the first.
    @inline(__always)
    static func fold(
        _ cells: UnsafePointer<Row>, _ places: UnsafePointer<Int32>, into target: UnsafeMutablePointer<Row>,
        _ targetPlaces: UnsafeMutablePointer<Int32>, count: Int
    ) {
        for i in 0..<count {
            let takes = Fold.prefersSecond(target[i], cells[i])
            target[i] = takes ? cells[i] : target[i]
            targetPlaces[i] = takes ? places[i] : targetPlaces[i]
        }
    }

    /// Windows along one row: the chosen cells and their places, the place of source[i] being places[i].
    @inline(__always)
    static func slide(
        _ source: UnsafePointer<Row>, _ places: UnsafePointer<Int32>, kernel: Int, stride: Int,
        into target: UnsafeMutablePointer<Row>, _ targetPlaces: UnsafeMutablePointer<Int32>, count: Int
    ) {
        if stride == 1 {
            slide(source, places, kernel: kernel, step: 1, into: target, targetPlaces, count: count)
        } else if stride == 2 {
            slide(source, places, kernel: kernel, step: 2, into: target, targetPlaces, count: count)
        } else {
            slide(source, places, kernel: kernel, step: stride, into: target, targetPlaces, count: count)
        }
    }

    @inline(__always)
    private static func slide(
        _ source: UnsafePointer<Row>, _ places: UnsafePointer<Int32>, kernel: Int, step: Int,
        into target: UnsafeMutablePointer<Row>, _ targetPlaces: UnsafeMutablePointer<Int32>, count: Int
    ) {
        for i in 0..<count {
            target[i] = source[i &* step]
            targetPlaces[i] = places[i &* step]
        }
        for tap in 1..<max(kernel, 1) {
            for i in 0..<count {
                let cell = source[i &* step &+ tap]
                let takes = Fold.prefersSecond(target[i], cell)
                target[i] = takes ? cell : target[i]
                targetPlaces[i] = takes ? places[i &* step &+ tap] : targetPlaces[i]
            }
        }
    }

    /// Windows along one row that are all different.
    static func slideUnevenly(
        _ source: UnsafePointer<Row>, _ places: UnsafePointer<Int32>, _ windows: [Range<Int>],
        into target: UnsafeMutablePointer<Row>, _ targetPlaces: UnsafeMutablePointer<Int32>
    ) {
        for (i, window) in windows.enumerated() {
            var chosen = window.lowerBound
            for cell in window.dropFirst() where Fold.prefersSecond(source[chosen], source[cell]) { chosen = cell }
            target[i] = source[chosen]
            targetPlaces[i] = places[chosen]
        }
    }
}
