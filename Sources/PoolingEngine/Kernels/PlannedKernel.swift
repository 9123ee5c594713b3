/// A kernel that pools forward, its type forgotten: its work is a closure, which is compiled for the kernel's types where
/// it is made.
///
/// A method of a generic type that is called through `any` is the one that is compiled for all types.
struct PlannedKernel: Sendable {
    let name: String
    let units: WorkUnits
    let scratchByteCount: Int
    /// Pools some units.
    let run: @Sendable (Range<Int>, ForwardPass) -> DataFault?

    @inline(__always)
    init<Kernel: ForwardKernel>(_ kernel: Kernel) {
        (name, units, scratchByteCount) = (kernel.name, kernel.units, kernel.scratchByteCount)
        run = { units, pass in
            pass.withTensors { input, output, indices in
                kernel.forward(
                    units, input: input.assumingMemoryBound(to: Kernel.Stored.self),
                    output: output.assumingMemoryBound(to: Kernel.Stored.self), indices: indices, pass.cancellation)
            }
        }
    }

    @inline(__always)
    init(_ folding: some RowFolding) {
        (name, units, scratchByteCount) = (folding.name, folding.units, folding.scratchByteCount)
        run = { units, pass in
            pass.withTensors { input, output, indices in
                let size = pass.input.elementType.size
                return folding.forward(
                    units, input: Elements(address: input, size: size),
                    output: MutableElements(address: output, size: size), indices: indices, pass.cancellation)
            }
        }
    }
}
