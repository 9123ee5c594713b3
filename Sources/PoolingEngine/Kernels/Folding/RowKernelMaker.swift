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
        case .largest(.ignore):
            choice(type, LargestNumberFold<Stored.Row>.self, LargestNumberFold<Stored.IndexedRow>.self)
        case .smallest(.ignore):
            choice(type, SmallestNumberFold<Stored.Row>.self, SmallestNumberFold<Stored.IndexedRow>.self)
        case .largest(.propagate), .smallest(.propagate): choice(type)
        case .sum(let divisor):
            kernel(
                RowFormat(OwnRows<Stored>.self), PlainCells<SumFold<Stored.Row>>.self,
                divisor.map { RowDivisor($0, windows) })
        }
    }

    /// Kernels that choose a cell, so that no type is too narrow for the result; every cell is a number.
    func choice<Stored: RowElement>(_ type: Stored.Type) -> PlannedKernel? {
        switch fold {
        case .largest: choice(type, LargestFold<Stored.Row>.self, LargestFold<Stored.IndexedRow>.self)
        case .smallest: choice(type, SmallestFold<Stored.Row>.self, SmallestFold<Stored.IndexedRow>.self)
        case .sum: nil
        }
    }

    private func choice<Stored: RowElement, Plain: RowSelection, Placed: RowSelection>(
        _ type: Stored.Type, _ plain: Plain.Type, _ placed: Placed.Type
    ) -> PlannedKernel? where Plain.Row == Stored.Row, Placed.Row == Stored.IndexedRow {
        hasIndices
            ? kernel(RowFormat(IndexedRows<Stored>.self), IndexedCells<Placed>.self)
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
        if windows.input.column == 1, windows.output.column == 1 || windows.columns.output == 1 {
            return PlanarKernel<Cells>(format, geometry, windows, divisor).map { PlannedKernel($0) }
        }
        return PlannedKernel(InterleavedKernel<Cells>(format, geometry, windows, divisor))
    }
}
