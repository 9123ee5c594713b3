/// Makes the row kernel of a fold.
struct RowKernelMaker {
    let geometry: WindowGeometry
    let windows: RowWindows
    let fold: WindowFold
    let hasIndices: Bool

    func real<Stored: RowElement>(
        _ type: Stored.Type
    ) -> PlannedKernel? where Stored.Row: SummedRowValue & BinaryFloatingPoint {
        switch fold {
        case .largest(.ignore): numbers(type, Larger.self)
        case .smallest(.ignore): numbers(type, Smaller.self)
        case .largest(.propagate), .smallest(.propagate): selection(type)
        case .sum(let divisor):
            kernel(
                RowFormat(OwnRows<Stored>.self), PlainCells<SumFold<Stored.Row>>.self,
                divisor.map { RowDivisor($0, windows) })
        }
    }

    /// Kernels that select a cell, so that no type is too narrow for the result, and NaN over all cells.
    func selection<Stored: RowElement>(_ type: Stored.Type) -> PlannedKernel? {
        switch fold {
        case .largest: extremes(type, Larger.self)
        case .smallest: extremes(type, Smaller.self)
        case .sum: nil
        }
    }

    private func numbers<Stored: RowElement, Order: ExtremumOrder>(
        _ type: Stored.Type, _ order: Order.Type
    ) -> PlannedKernel? {
        selection(type, ExtremumNumberFold<Stored.Row, Order>.self, ExtremumNumberFold<Stored.IndexedRow, Order>.self)
    }

    private func extremes<Stored: RowElement, Order: ExtremumOrder>(
        _ type: Stored.Type, _ order: Order.Type
    ) -> PlannedKernel? {
        selection(type, ExtremumFold<Stored.Row, Order>.self, ExtremumFold<Stored.IndexedRow, Order>.self)
    }

    private func selection<Stored: RowElement, Plain: RowSelection, Indexed: RowSelection>(
        _ type: Stored.Type, _ plain: Plain.Type, _ indexed: Indexed.Type
    ) -> PlannedKernel? where Plain.Row == Stored.Row, Indexed.Row == Stored.IndexedRow {
        hasIndices
            ? kernel(RowFormat(IndexedRows<Stored>.self), IndexedCells<Indexed>.self)
            : kernel(RowFormat(OwnRows<Stored>.self), PlainCells<Plain>.self)
    }

    private func kernel<Cells: RowCells>(
        _ format: RowFormat<Cells.Row>, _ cells: Cells.Type, _ divisor: RowDivisor? = nil
    ) -> PlannedKernel? {
        guard windows.isCompact else { return nil }
        if windows.coversContiguousPlanes {
            return PlannedKernel(
                WholePlaneKernel<Cells.Fold>(format: format, geometry: geometry, windows: windows, divisor: divisor))
        }
        let hasColumnsSideBySide = windows.input.column == 1 && windows.outputStep == 1
        // Of planes that are side by side, one alone is copied row by row.
        if hasColumnsSideBySide || geometry.lane.count == 1 {
            return PlanarKernel<Cells>(format, geometry, windows, divisor).map { PlannedKernel($0) }
        }
        return PlannedKernel(InterleavedKernel<Cells>(format, geometry, windows, divisor))
    }
}
