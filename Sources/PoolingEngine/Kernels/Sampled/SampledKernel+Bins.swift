import RecycledMemory

/// The bins of boxes, channel after channel.
extension SampledKernel {
    /// One bin of one box, for some channels.
    struct Bin {
        let box: SampledGeometry.Box
        let row: Int
        let column: Int
        let rows: Range<Int>
        let columns: Range<Int>
        /// Where the first channel's plane begins in the input, and its value in the output.
        let plane: Int
        let output: Int
        let channels: Int

        /// All samples of the bin.
        var count: Int { box.rows.grid * box.columns.grid }

        var insideCount: Int { rows.count * columns.count }

        /// How many samples inside precede the first that lies outside; nil where none does.
        var firstOutside: Int? {
            if insideCount == count { return nil }
            if rows.lowerBound > 0 || columns.lowerBound > 0 || insideCount == 0 { return 0 }
            return columns.upperBound < box.columns.grid ? columns.count : insideCount
        }
    }

    /// Some rows and columns of a bin's samples.
    struct Piece {
        let rows: UnsafeBufferPointer<SampledCell>
        let columns: UnsafeBufferPointer<SampledCell>
        /// How many samples inside precede them.
        let first: Int
    }

    /// Visits every bin of every box, with as many channels as are handled at once, and the samples of a bin in pieces.
    ///
    /// Where whole axes are listed, all bins of some planes come before the next planes, unless channels are
    /// neighbours.
    @inline(__always)
    func visit(
        _ work: BoxChannels, _ scratch: ScratchMemory, _ cancellation: Cancellation?, begin: (Bin) -> Void,
        piece body: (Bin, Piece) -> Void, end: (Bin) -> Void
    ) -> DataFault? {
        let frame = geometry.frame
        let merges = comparison == nil
        var pace = Pace(cancellation)
        defer { withExtendedLifetime(scratch) {} }
        var rows = SampledCells(merging: merges, frame.inputStrides[0], in: scratch.start)
        var columns = SampledCells(merging: merges, frame.inputStrides[1], in: scratch.start + SampledCells.byteCount)
        for number in work.boxes {
            let box = geometry.box(number)
            let channels = work.channels(of: box, number)
            guard !channels.isEmpty else {
                guard pace.goesOn(after: Self.unitsPerBox) else { return .stopped }
                continue
            }
            rows.move(to: box.rows)
            columns.move(to: box.columns)
            let isFar = frame.level.input != 1 && rows.isWhole && columns.isWhole
            let together = isFar ? Self.farChannels : Self.mostChannels
            for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: together) {
                for row in 0..<box.rows.bins {
                    let rowsInside = rows.inside(ofBin: row)
                    for column in 0..<box.columns.bins {
                        var (plane, output) = (box.inputBase, box.outputBase)
                        if !frame.binStrides.isEmpty {
                            plane += row * frame.binStrides[0] + column * frame.binStrides[1]
                        }
                        plane += channel * frame.level.input
                        output += channel * frame.level.output
                        output += row * frame.outputStrides[0] + column * frame.outputStrides[1]
                        let bin = Bin(
                            box: box, row: row, column: column, rows: rowsInside,
                            columns: columns.inside(ofBin: column), plane: plane, output: output,
                            channels: min(channels.upperBound - channel, together))
                        begin(bin)
                        // Samples that are compared come in order.
                        let columnStep = SampledCells.mostSamples
                        let rowStep = merges || bin.columns.count <= columnStep ? columnStep : 1
                        for firstRow in stride(from: bin.rows.lowerBound, to: bin.rows.upperBound, by: rowStep) {
                            let rowEnd = min(firstRow + rowStep, bin.rows.upperBound)
                            for firstColumn in stride(
                                from: bin.columns.lowerBound, to: bin.columns.upperBound, by: columnStep)
                            {
                                let columnEnd = min(firstColumn + columnStep, bin.columns.upperBound)
                                let piece = Piece(
                                    rows: rows.cells(of: firstRow..<rowEnd, ofBin: row),
                                    columns: columns.cells(of: firstColumn..<columnEnd, ofBin: column),
                                    first: (firstRow - bin.rows.lowerBound) * bin.columns.count
                                        + (firstColumn - bin.columns.lowerBound))
                                body(bin, piece)
                                let cells = piece.rows.count * piece.columns.count * bin.channels
                                guard pace.goesOn(after: cells) else { return .stopped }
                            }
                        }
                        end(bin)
                        guard pace.goesOn(after: bin.channels) else { return .stopped }
                    }
                }
            }
        }
        return nil
    }
}
