/// What becomes of the element type of a request's main tensor: as it came, as it is computed in, and as the response has it.
struct MainConversion: Sendable {
    let main: TensorName
    let given: ElementType
    let computed: ElementType
    let returned: ElementType
    /// Elements of the main tensor, and of an input with it.
    let count: Int

    /// Lets `reader` hand out tensors of the type that is computed in.
    ///
    /// - Parameter isSingle: whether the request has one op, rather than several or layers.
    /// - Returns: nil where nothing is converted.
    init?(_ request: PoolingRequest, _ reader: inout FieldReader, isSingle: Bool) {
        main = request.endpoint == .backward ? .gradOutput : .input
        guard let tensor = request.tensors[main] else { return nil }
        given = tensor.elementType
        if request.isPicture, request.elementType == nil {
            // What does not stay within the range of a picture is computed in float32 and written back.
            computed = isSingle && reader.staysInRange(given) ? given : .float32
            returned = given
        } else {
            computed = request.elementType ?? given
            returned = computed
        }
        let input = request.endpoint == .backward ? request.tensors[.input] : nil
        let convertsInput = request.elementType != nil && input?.elementType ?? computed != computed
        guard given != computed || convertsInput else { return nil }
        count = tensor.count.addingSaturating(input?.count ?? 0)
        reader.convert(main, to: computed)
        if input != nil { reader.convert(.input, to: computed) }
    }

    func around(_ program: any Program) -> any Program { ConvertedProgram(program, self) }
}

extension FieldReader {
    /// Whether the request's op gives results that fit `elementType` as the input does.
    fileprivate func staysInRange(_ elementType: ElementType) -> Bool {
        var probe = self
        // What is wrong with the layer is found when it is planned.
        guard let layer = try? Layer(&probe) else { return true }
        return layer.stays(within: elementType)
    }
}

/// A program whose main tensor comes, or whose output goes, in another element type than it computes in.
struct ConvertedProgram: Program {
    private let program: any Program
    private let types: MainConversion
    let cost: Cost

    init(_ program: any Program, _ types: MainConversion) {
        (self.program, self.types) = (program, types)
        let count = types.count
        var cost = program.cost
        if types.given != types.computed {
            cost.operations = cost.operations.addingSaturating(count.multipliedSaturating(by: Self.perElement))
            cost.scratchByteCount = cost.scratchByteCount.addingSaturating(
                count.multipliedSaturating(by: types.computed.size))
        }
        if types.returned != types.computed {
            let outputs = program.cost.resultByteCount / types.computed.size
            cost.operations = cost.operations.addingSaturating(outputs.multipliedSaturating(by: Self.perElement))
            cost.scratchByteCount = cost.scratchByteCount.addingSaturating(program.cost.resultByteCount)
        }
        self.cost = cost
    }

    /// Weighted operations for one element.
    private static let perElement = 4

    var kernelName: String { program.kernelName }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult {
        let main = try operands.main.converted(to: types.computed, .exact, named: types.main.rawValue, workspace)
        let input = try operands.input.map { (input) throws(PoolingError) in
            types.main == .input ? main : try input.converted(to: types.computed, .exact, named: "input", workspace)
        }
        let result = try program.run(Operands(main: main, input: input), workspace)
        guard types.returned != types.computed else { return result }
        var tensors = result.tensors
        for (index, named) in tensors.enumerated() where named.name == .output {
            let output = try named.tensor.converted(to: types.returned, .clamped, named: "output", workspace)
            tensors[index] = .init(.output, output)
        }
        return result.replacing(tensors)
    }
}
