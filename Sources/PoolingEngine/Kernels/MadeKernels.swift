/// A kernel whose work is a closure, which is compiled for its types where it is made.
///
/// A method of a generic type that is called through `any` is the one that is compiled for all types.
struct MadeKernel<Stored: StoredElement>: ForwardKernel {
    let name: String
    let units: WorkUnits
    private let work:
        @Sendable (Range<Int>, UnsafePointer<Stored>, UnsafeMutablePointer<Stored>, UnsafeMutablePointer<Int64>?) ->
            DataFault?

    @inline(__always)
    init(_ kernel: some ForwardKernel<Stored>) {
        name = kernel.name
        units = kernel.units
        work = { kernel.forward($0, input: $1, output: $2, indices: $3) }
    }

    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        work(units, input, output, indices)
    }
}

/// As ``MadeKernel``, for gradients.
struct MadeBackwardKernel<Stored: StoredElement>: BackwardKernel where Stored.Computed: RealElement {
    let name: String
    let planeGroup: Int?
    let addsOnly: Bool
    private let work:
        @Sendable (
            Range<Int>, UnsafePointer<Stored>?, UnsafePointer<Stored>, UnsafeMutablePointer<Stored.Computed>
        ) -> DataFault?

    @inline(__always)
    init(_ kernel: some BackwardKernel<Stored>) {
        name = kernel.name
        planeGroup = kernel.planeGroup
        addsOnly = kernel.addsOnly
        work = { kernel.backward($0, input: $1, gradOutput: $2, gradInput: $3) }
    }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Stored.Computed>
    ) -> DataFault? {
        work(planes, input, gradOutput, gradInput)
    }
}

/// As ``MadeKernel``, for whole programs.
struct MadeProgram: Program {
    let kernelName: String
    let cost: Int
    let resultByteCount: Int
    let tableSize: Int
    private let work: @Sendable (Operands, Int, PoolingPlan.SliceRunner) throws(PoolingRefusal) -> PoolingResult

    @inline(__always)
    init(_ program: some Program) {
        kernelName = program.kernelName
        cost = program.cost
        resultByteCount = program.resultByteCount
        tableSize = program.tableSize
        work = { (operands, slices, runner) throws(PoolingRefusal) in
            try program.run(operands, slices: slices, on: runner)
        }
    }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        try work(operands, slices, runner)
    }
}
