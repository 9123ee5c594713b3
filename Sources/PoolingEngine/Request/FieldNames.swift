/// The fields that any request has, and what their descriptors say of them.
package enum FieldNames {
    /// Sizes, strides and the like beyond this are rejected, so that their sums and small multiples cannot overflow.
    package static let largestExtent = 1 << 31

    /// The fields that are neither a tensor nor a parameter of an op or a region.
    static let common: [ParameterDescriptor] = [
        ParameterDescriptor("op", "string", "the function from the values of a window to one value"),
        ParameterDescriptor(
            "region", "string", default: .string(PoolingCatalog.defaultRegion.descriptor.name),
            "the rule that gives the windows"),
        ParameterDescriptor("layout", "string", default: .string("channels_first"), "where the channel axis is"),
        ParameterDescriptor("dims", "integer", "the number of spatial dimensions"),
        ParameterDescriptor("axes", "list", "the pooled axes by number"),
        ParameterDescriptor("dtype", "string", "the type of tensors that do not name one"),
        ParameterDescriptor("response_form", "string", "how tensors of the response are written"),
        ParameterDescriptor("input_shape", "list", "the shape of the input, in place of the input"),
    ]

    /// The fields of unpooling and of shape queries alone.
    private static let special: [ParameterDescriptor] = [
        ParameterDescriptor("output_shape", "list", "the shape of the output, in an inverse shape query"),
        ParameterDescriptor("output_size", "list", "the size of the unpooled output"),
        ParameterDescriptor("index_shape", "list", "the shape that indices of unpooling count in"),
        ParameterDescriptor(
            "skip_empty", "boolean", default: .bool(false), "whether unpooling lets the index -1 place nothing"),
        ParameterDescriptor("layers", "list", "a chain of layers"),
        ParameterDescriptor("ops", "list", "several ops over the same windows"),
        ParameterDescriptor("combine", "string", values: ["concat"], "how the outputs of several ops become one"),
        ParameterDescriptor("grad_outputs", "list", "a gradient for each of several ops"),
        ParameterDescriptor(
            "return_output", "boolean", default: .bool(false), "whether the response has the output of a layer"),
    ]

    /// The fields that say whether indices are wanted, and how they are numbered.
    static let indexing: [ParameterDescriptor] = [
        ParameterDescriptor("return_indices", "boolean", default: .bool(false), "whether the response has indices"),
        ParameterDescriptor(
            "index_base", "string", values: IndexBase.allCases.map(\.rawValue), default: .string("plane"),
            "what an index counts in"),
        ParameterDescriptor(
            "index_order", "string", values: IndexOrder.allCases.map(\.rawValue), default: .string("row_major"),
            "the order in which indices count the axes"),
        ParameterDescriptor(
            "index_dtype", "string", values: IndexType.allCases.map(\.rawValue), default: .string("int64"),
            "the type of the indices in the response; uint8 for base 'window'"),
    ]

    /// The fields of a gradient alone.
    static let gradient: [ParameterDescriptor] = [
        ParameterDescriptor(
            "return_grad_parameters", "boolean", default: .bool(false),
            "whether the response has the gradient with respect to p, r, beta or alpha")
    ]

    private static let descriptors = common + special + gradient + indexing + PoolingCatalog.parameters

    package static let all = Set(TensorName.allCases.map(\.rawValue) + descriptors.map(\.name))

    /// The fields that are true or false.
    package static let booleans = Set(descriptors.filter { $0.type == "boolean" }.map(\.name))

    /// The documented defaults of each field; several where ops differ.
    private static let defaults = Dictionary(grouping: descriptors.filter { $0.standard != .null }, by: \.name)
        .mapValues { $0.map(\.standard) }

    /// Whether `field` says no more than its absence would, as generated clients write it.
    static func isDefault(_ field: Field) -> Bool { defaults[field.name]?.contains(field.value) ?? false }

    /// The fields that a request for `op` over `region` can have; all where one of them is not known.
    static func taken(by op: String?, over region: String?) -> [String] {
        guard let (op, region) = PoolingCatalog.descriptors(of: op, over: region) else { return all.sorted() }
        let own = parameters(of: op, over: region) + (op.hasIndices ? indexing.map(\.name) : [])
        let elsewhere = Set(PoolingCatalog.parameters.map(\.name))
        let tensors = TensorName.allCases.map(\.rawValue).filter { !elsewhere.contains($0) }
        return own + tensors + common.map(\.name).filter { $0 != "axes" || region.acceptsAxes }
    }

    /// `; 'max' over 'sliding' takes kernel, stride, ...`; nothing where one of them is not known.
    static func list(of op: String?, over region: String?) -> String {
        guard let (op, region) = PoolingCatalog.descriptors(of: op, over: region) else { return "" }
        let names = parameters(of: op, over: region)
        return "; the parameters of '\(op.name)' over '\(region.name)' are \(names.joined(separator: ", "))"
    }

    /// The parameters of an op and a region.
    static func parameters(of op: OpDescriptor, over region: RegionDescriptor) -> [String] {
        (region.parameters + op.parameters).map(\.name)
    }
}

extension String {
    /// This name as one token of a JSON pointer (RFC 6901), shortened if it is absurdly long.
    package var pointerEscaped: String {
        String(prefix(128).flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
    }

    /// A pointer as messages write it: `padding[1][0]`.
    var indexed: String {
        let steps = split(separator: "/")
        return steps.dropFirst().reduce(String(steps.first ?? "")) { $0 + "[\($1)]" }
    }
}

extension [String] {
    /// `a`, `a or b`, `a, b or c`.
    package var alternatives: String {
        count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + self[count - 1]
    }
}
