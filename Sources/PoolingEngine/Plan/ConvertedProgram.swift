/// The element types of a request's main tensor: as it came, as it is computed in, and as the response has it.
struct MainTypes: Sendable {
    let given: ElementType
    let computed: ElementType
    let answered: ElementType

    /// - Parameter wanted: the request's `dtype`.
    init(_ given: ElementType, wanted: ElementType?) {
        self.given = given
        computed = wanted ?? given
        answered = computed
    }

    /// The types of a picture: what does not stay within its range is computed in `float32` and written back.
    init(pictureOf given: ElementType, staysInRange: Bool) {
        self.given = given
        computed = staysInRange ? given : .float32
        answered = given
    }

    var areOne: Bool { given == computed && computed == answered }
}

/// A program whose main tensor comes, or whose output goes, in another element type than it computes in.
struct ConvertedProgram: Program {
    private let program: any Program
    private let types: MainTypes
    private let mainName: TensorName
    let cost: Cost

    /// - Parameter count: elements of the main tensor, and of an input beside it.
    init(_ program: any Program, _ types: MainTypes, main mainName: TensorName, count: Int) {
        (self.program, self.types, self.mainName) = (program, types, mainName)
        var cost = program.cost
        if types.given != types.computed {
            cost.operations = cost.operations.addingSaturating(count.multipliedSaturating(by: Self.perElement))
            cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                count.multipliedSaturating(by: types.computed.size))
        }
        if types.answered != types.computed {
            let outputs = program.cost.resultByteCount / types.computed.size
            cost.operations = cost.operations.addingSaturating(outputs.multipliedSaturating(by: Self.perElement))
            cost.scratchByteCount = cost.scratchByteCount.addingSaturating(program.cost.resultByteCount)
        }
        self.cost = cost
    }

    /// `program` itself where nothing needs to be converted.
    static func around(_ program: any Program, _ types: MainTypes, main: TensorName, count: Int) -> any Program {
        types.areOne ? program : ConvertedProgram(program, types, main: main, count: count)
    }

    /// Weighted operations for one element.
    private static let perElement = 4

    var kernelName: String { program.kernelName }
    var tableSize: Int { program.tableSize }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingRefusal) -> PoolingResult {
        let main = try operands.main.converted(to: types.computed, .exact, named: mainName.rawValue, execution)
        let input = try operands.input.map { (input) throws(PoolingRefusal) in
            mainName == .input ? main : try input.converted(to: types.computed, .exact, named: "input", execution)
        }
        let result = try program.run(Operands(main: main, input: input), execution)
        guard types.answered != types.computed else { return result }
        var tensors = result.tensors
        for (place, named) in tensors.enumerated() where named.name == .output {
            let output = try named.tensor.converted(to: types.answered, .clamped, named: "output", execution)
            tensors[place] = .init(.output, output)
        }
        return PoolingResult(tensors: tensors, indexBase: result.indexBase)
    }
}
