/// Pools a tensor over windows of whole elements.
struct ForwardProgram<Stored: StoredElement>: Program {
    let kernel: any ForwardKernel<Stored>
    let geometry: WindowGeometry
    let elementType: ElementType
    let mask: MaskFields

    var kernelName: String { kernel.name }
    var cost: Int { geometry.totalTaps }
    var resultByteCount: Int {
        geometry.outputCount * (elementType.size + (mask.isWanted ? ElementType.int64.size : 0))
    }
    var tableSize: Int { geometry.tableSize }

    func run(
        _ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner
    ) throws(PoolingRefusal) -> PoolingResult {
        let output = Tensor(elementType: elementType, shape: geometry.outputShape)
        let indices = mask.isWanted ? Tensor(elementType: .int64, shape: geometry.outputShape) : nil
        try runSlices(slices, kernel.units, on: runner) { units in
            forward(units, operands.main, output, indices)
        }
        guard let indices else { return PoolingResult(tensors: [.init(.output, output)]) }
        return PoolingResult(
            tensors: [.init(.output, output), .init(.indices, indices)], indexBase: mask.base.rawValue)
    }

    private func forward(
        _ units: Range<Int>, _ input: Tensor, _ output: Tensor, _ indices: Tensor?
    ) -> DataFault? {
        input.withElements(as: Stored.self) { source in
            output.withMutableElements(as: Stored.self) { destination in
                guard let source = source.baseAddress, let destination = destination.baseAddress else { return nil }
                guard let indices else {
                    return kernel.forward(units, input: source, output: destination, indices: nil)
                }
                return indices.withMutableElements(as: Int64.self) {
                    kernel.forward(units, input: source, output: destination, indices: $0.baseAddress)
                }
            }
        }
    }
}

extension GatherKernel: ForwardKernel {
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: laneCapacity) }

    /// `gather.reference` folds one window at a time; more lanes do the same for neighbouring planes.
    var name: String { laneCapacity == 1 ? "gather.reference" : "gather.lanes\(laneCapacity)" }

    init(_ geometry: WindowGeometry, _ reducer: Reducer<Computed>) {
        self.init(geometry: geometry, reducer: reducer, laneCapacity: Self.lanes(geometry))
    }

    /// As many lanes as a tile that stays in the first-level cache can have: near ones come in cache lines, others one
    /// by one.
    private static func lanes(_ geometry: WindowGeometry) -> Int {
        let most = geometry.lane.input <= 4 ? 64 : 16
        let room = max((1 << 13) / max(geometry.largestWindow, 1), 1)
        return max(min(most, room, geometry.lane.count), 1)
    }
}
