import RecycledMemory

/// A kernel that sends gradients back, its types forgotten as those of a ``PlannedKernel`` are.
struct PlannedBackwardKernel: Sendable {
    let name: String
    /// Planes.
    let units: WorkUnits
    let addsOnly: Bool
    let scratchByteCount: Int
    /// The gradients of some planes.
    let run: @Sendable (Range<Int>, BackwardPass) -> DataFault?

    @inline(__always)
    init<Kernel: BackwardKernel>(_ kernel: Kernel) {
        (name, units) = (kernel.name, kernel.units)
        (addsOnly, scratchByteCount) = (kernel.addsOnly, kernel.scratchByteCount)
        run = { planes, pass in
            pass.withElements(Kernel.Stored.self, Kernel.Sum.self) { input, gradOutput, indices, sums in
                kernel.backward(
                    planes, input: input, gradOutput: gradOutput, indices: indices, gradInput: sums, pass.cancellation)
            }
        }
    }

    /// A kernel that adds gradients.
    init(
        name: String, _ units: WorkUnits, scratchByteCount: Int,
        adding run: @escaping @Sendable (Range<Int>, BackwardPass) -> DataFault?
    ) {
        (self.name, self.units) = (name, units)
        (addsOnly, self.scratchByteCount, self.run) = (true, scratchByteCount, run)
    }
}
