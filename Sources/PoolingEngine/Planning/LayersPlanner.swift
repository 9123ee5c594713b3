/// A chain of layers (`layers`): each pools what the one before it gives.
struct LayersPlanner: Sendable {
    static let counts = 1...64

    private static let field = "layers"
    /// Fields that are the same for all layers.
    private static let shared = ["layout", "dtype", "response_form"]
    /// What a layer's gradient does not take, because everything is computed again.
    private static let recomputed = ["input_shape", "indices"]

    /// A layer as it is asked for.
    private struct Link {
        let fields: [Field]
        let tensors: [TensorName: Tensor]
        let nested: [TensorPath: Tensor]
        let prefix: String
    }

    private let links: [Link]
    /// `layout`, where the request has it.
    private let outside: [Field]
    private let limits: PoolingPlan.Limits
    private let cancellation: Cancellation?

    init(
        _ reader: inout FieldReader, nested: [TensorPath: Tensor], _ limits: PoolingPlan.Limits
    ) throws(PoolingError) {
        let layers = try reader.takeLayers(counts: Self.counts)
        try nested.requirePositions(below: layers.count, of: Self.field)
        outside = reader.take("layout").map { [Field("layout", $0)] } ?? []
        var links: [Link] = []
        for (position, fields) in layers.enumerated() {
            links.append(
                Link(
                    fields: try Self.own(fields, at: "\(Self.field)/\(position)"), tensors: nested.own(at: position),
                    nested: nested.inner(at: position), prefix: "\(Self.field)/\(position)/"))
        }
        self.links = links
        self.limits = limits
        cancellation = reader.cancellation
    }

    /// The fields of a layer, when none of them is one that all layers share.
    private static func own(_ fields: [Field], at pointer: String) throws(PoolingError) -> [Field] {
        let fields = fields.filter { $0.value != .null }
        for field in fields where shared.contains(field.name) && !FieldNames.isDefault(field) {
            throw PoolingError(
                .unusedField, at: "\(pointer)/\(field.name)",
                "'\(field.name)' is the same for all layers; put it next to 'layers'")
        }
        return fields.filter { !shared.contains($0.name) }
    }

    // MARK: Forward

    /// - Parameter input: of the first layer.
    func forward(_ input: TensorKind) throws(PoolingError) -> LayersProgram {
        var (steps, total, scratch, current) = ([LayersProgram.Step](), CostTotal(limits), 0, input)
        for (position, link) in links.enumerated() {
            try total.addPlanning()
            let step = try step(link, current, total.limits)
            let cost = step.program.cost
            try total.add(cost, keepsResult: false)
            let isLast = position == links.count - 1
            let outputs = [isLast, step.returnsOutput].count { $0 }
            // Indices are returned, outputs only where somebody asks.
            try total.addResult(cost.resultByteCount - step.output.byteCount)
            try total.addResult(step.output.byteCount.multipliedSaturating(by: outputs))
            let kept = (position > 0 ? current.byteCount : 0).addingSaturating(
                outputs > 0 ? 0 : step.output.byteCount)
            scratch = max(scratch, kept)
            steps.append(step)
            current = step.output
        }
        total.addScratch(scratch)
        return LayersProgram(steps: steps, cost: total.cost)
    }

    private func step(
        _ link: Link, _ input: TensorKind, _ limits: PoolingPlan.Limits, isForGradient: Bool = false
    ) throws(PoolingError) -> LayersProgram.Step {
        let fields = isForGradient ? Self.fieldsOfOutput(link.fields) : link.fields
        var reader = try self.reader(of: fields, link)
        reader.stand(input, inFor: .input)
        let returnsOutput = try reader.takeBool("return_output", default: false)
        guard reader.has("ops") else {
            let planner = try ForwardPlanner(&reader, limits)
            return LayersProgram.Step(
                program: try planner.program(), output: planner.output, returnsOutput: returnsOutput)
        }
        let program = try ops(&reader, link, limits).forward()
        return LayersProgram.Step(program: program, output: program.output, returnsOutput: returnsOutput)
    }

    /// - Throws: also where the planning should stop.
    private func reader(of fields: [Field], _ link: Link) throws(PoolingError) -> FieldReader {
        let reader = try FieldReader(
            fields, tensors: link.tensors, prefix: link.prefix, outside: outside,
            planByteLimit: limits.planByteCount, cancellation: cancellation)
        try reader.checkpoint()
        return reader
    }

    /// The fields of a layer that its output depends on, of which alone a gradient computes the next layers.
    ///
    /// The others are checked with the layer's own gradient.
    private static func fieldsOfOutput(_ fields: [Field]) -> [Field] {
        let names = Set(FieldNames.gradient.map(\.name) + ["return_indices"])
        return fields.filter { !names.contains($0.name) }.map { field in
            guard field.name == OpList.field, case .list(let entries) = field.value else { return field }
            return Field(
                field.name,
                .list(
                    entries.map { entry in
                        guard case .object(let own) = entry else { return entry }
                        return .object(own.filter { !names.contains($0.name) })
                    }))
        }
    }

    private func ops(
        _ reader: inout FieldReader, _ link: Link, _ limits: PoolingPlan.Limits
    ) throws(PoolingError) -> OpsPlanner {
        let planner = try OpsPlanner(&reader, nested: link.nested, limits)
        guard planner.isCombined else {
            throw reader.rejection(
                .missingField, at: "combine", "'combine' is missing: the next layer takes one input")
        }
        return planner
    }

    // MARK: Backward

    /// - Parameters:
    ///   - input: of the first layer.
    ///   - gradOutput: of the last layer.
    func backward(
        _ input: TensorKind, gradOutput: TensorKind
    ) throws(PoolingError) -> LayersGradientProgram {
        for link in links { try Self.requireNothingComputedAgain(link) }
        var (inputs, forward, total) = ([input], [any Program](), CostTotal(limits))
        for link in links.dropLast() {
            try total.addPlanning()
            let step = try step(link, inputs[inputs.count - 1], total.limits, isForGradient: true)
            try total.add(step.program.cost, keepsResult: false)
            forward.append(step.program)
            inputs.append(step.output)
        }
        var (backward, gradient, largest) = ([any Program](), gradOutput, 0)
        for (position, link) in links.enumerated().reversed() {
            let isLast = position == links.count - 1
            try total.addPlanning()
            let program = try gradientProgram(link, inputs[position], gradient, total.limits, isLast: isLast)
            try total.add(program.cost, keepsResult: false)
            backward.append(program)
            largest = max(largest, gradient.byteCount.addingSaturating(inputs[position].byteCount))
            gradient = TensorKind(elementType: gradOutput.elementType, shape: inputs[position].shape)
        }
        try total.addResult(gradient.byteCount)
        total.addScratch(inputs.dropFirst().reduce(largest) { $0.addingSaturating($1.byteCount) })
        return LayersGradientProgram(forward: forward, backward: backward, cost: total.cost)
    }

    private func gradientProgram(
        _ link: Link, _ input: TensorKind, _ gradOutput: TensorKind, _ limits: PoolingPlan.Limits, isLast: Bool
    ) throws(PoolingError) -> any Program {
        var reader = try self.reader(of: link.fields, link)
        reader.stand(input, inFor: .input)
        reader.stand(gradOutput, inFor: .gradOutput)
        _ = try reader.takeBool("return_output", default: false)
        guard !reader.has("ops") else { return try ops(&reader, link, limits).backward(link.nested) }
        return try BackwardPlanner(&reader, limits, pointer: "grad_output").program()
    }

    private static func requireNothingComputedAgain(_ link: Link) throws(PoolingError) {
        let names = link.fields.map(\.name) + link.tensors.keys.map(\.rawValue)
        let inner = link.nested.keys.first { $0.name == .indices }.map { "ops/\($0.path[0])/indices" }
        guard let name = names.first(where: recomputed.contains) ?? inner else { return }
        throw PoolingError(
            .unusedField, at: link.prefix + name,
            "the gradient of a chain of layers is computed from 'input' and 'grad_output' alone; leave it out")
    }
}
