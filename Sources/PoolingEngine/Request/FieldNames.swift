/// The fields that any request has, and what their descriptors say of them.
package enum FieldNames {
    /// Sizes, strides and the like beyond this are rejected, so that their sums and small multiples cannot overflow.
    package static let largestExtent = 1 << 31

    /// The fields that are neither a tensor nor a parameter of an op or a region.
    static let common: [ParameterDescriptor] = [
        ParameterDescriptor(
            "op", "string", "the function from the values of a window to one value",
            otherNames: [
                "pool", "pooling", "pooltype", "poolingtype", "poolmode", "poolingmode", "poolmethod", "type", "reduce",
                "reduction", "reducer", "aggr", "aggregation", "operation", "operator",
            ]),
        ParameterDescriptor(
            "region", "string", default: .string(PoolingCatalog.defaultRegion.descriptor.name),
            "the rule that gives the windows", otherNames: ["regiontype", "regions", "windowing"]),
        ParameterDescriptor(
            "layout", "string", default: .string("channels_first"), "where the channel axis is",
            otherNames: OtherNames([
                "dataformat", "dataformats", "format", "dataorder", "channelorder", "memoryformat", "imagedataformat",
                "tensorformat",
            ]).with("with 'channels_last'", ["channelslast", "nhwc"])
                .with("with 'channels_first'", ["channelsfirst", "nchw"]),
            otherValues: [
                "channels_last": ["hwc", "last", "channelslastformat", "torchchannelslast", "dhwc"],
                "channels_first": ["chw", "first", "contiguousformat", "default", "cdhw"],
                "NWC": ["nlc", "ntc", "nsc", "btc", "blc"], "NCW": ["ncl", "nct", "bct", "bcl"],
                "NHWC": ["bhwc"], "NCHW": ["bchw"],
            ]),
        ParameterDescriptor(
            "dims", "integer", "the number of spatial dimensions",
            otherNames: ["ndim", "ndims", "spatialdims", "spatialdimensions", "numspatialdims"]),
        ParameterDescriptor(
            "axes", "list", "the pooled axes by number", excludes: ["layout", "dims"],
            otherNames: ["axis", "dim", "reductionaxes", "reduceaxes", "axisnumbers"]),
        ParameterDescriptor(
            "dtype", "string", "the type of tensors that do not name one",
            otherNames: ["datatype", "type", "precision", "elementtype"]),
        ParameterDescriptor("response_form", "string", "how tensors of the response are written"),
        ParameterDescriptor(
            "input_shape", "list", "the shape of the input, in place of the input",
            otherNames: ["inputsize", "inputsizes", "originputshape", "shape"]),
    ]

    /// The fields of unpooling and of shape queries alone.
    private static let special: [ParameterDescriptor] = [
        ParameterDescriptor(
            "output_shape", "list", "the shape of the output, in an inverse shape query", excludes: ["input_shape"]),
        ParameterDescriptor("output_size", "list", "the size of the unpooled output", lists: .perAxis),
        ParameterDescriptor("index_shape", "list", "the shape that indices of unpooling count in"),
        ParameterDescriptor(
            "skip_empty", "boolean", default: .bool(false), "whether unpooling lets the index -1 place nothing"),
        ParameterDescriptor("layers", "list", "a chain of layers", lists: .plannedPerEntry),
        ParameterDescriptor("ops", "list", "several ops over the same windows", lists: .plannedPerEntry),
        ParameterDescriptor(
            "combine", "string", values: ["concat"], "how the outputs of several ops become one", requires: "'ops'"),
        ParameterDescriptor("grad_outputs", "list", "a gradient for each of several ops"),
        ParameterDescriptor(
            "return_output", "boolean", default: .bool(false), "whether the response has the output of a layer"),
    ]

    /// The fields that say whether indices are wanted, and how they are numbered.
    static let indexing: [ParameterDescriptor] = [
        ParameterDescriptor(
            "return_indices", "boolean", default: .bool(false), "whether the response has indices",
            otherNames: [
                "returnmask", "returnindex", "withindices", "withindex", "withargmax", "returnargmax", "argmax",
                "includeindices", "outputindices",
            ]),
        ParameterDescriptor(
            "index_base", "string", values: IndexBase.allCases.map(\.rawValue), default: .string("plane"),
            "what an index counts in",
            otherNames: OtherNames([]).with("with 'tensor', which counts the batch", ["includebatchinindex"]),
            otherValues: ["plane": ["spatial"], "tensor": ["global", "flat"], "window": ["kernel", "local"]]),
        ParameterDescriptor(
            "index_order", "string", values: IndexOrder.allCases.map(\.rawValue), default: .string("row_major"),
            "the order in which indices count the axes", otherNames: ["storageorder", "order"],
            otherValues: ["row_major": ["c", "0"], "column_major": ["f", "fortran", "1"]]),
        ParameterDescriptor(
            "index_dtype", "string", values: IndexType.allCases.map(\.rawValue), default: .string("int64"),
            "the type of the indices in the response; uint8 for base 'window'",
            otherNames: [
                "indextype", "indicesdtype", "indicestype", "argmaxtype", "maskdtype", "targmax", "outdtype",
            ]),
    ]

    /// The fields of a gradient alone.
    static let gradient: [ParameterDescriptor] = [
        ParameterDescriptor(
            "return_grad_parameters", "boolean", default: .bool(false),
            "whether the response has the gradient with respect to p, r, beta or alpha")
    ]

    static let descriptors = common + special + gradient + indexing + PoolingCatalog.parameters

    package static let all = Set(TensorName.all.map(\.rawValue) + descriptors.map(\.name))

    /// The fields that are true or false.
    package static let booleans = Set(descriptors.filter { $0.type == "boolean" }.map(\.name))

    /// The fields whose lists mean this.
    static func names(_ lists: ParameterDescriptor.Lists) -> Set<String> {
        Set(descriptors.filter { $0.lists.isSuperset(of: lists) }.map(\.name))
    }

    /// The fields whose lists have one entry for each pooled axis.
    static let perAxis = names(.perAxis)

    /// Those that have entries for batch and channels too in other frameworks.
    static let perAxisOfInput = names(.perAxisOfInput)

    /// The fields whose entries take longer to plan than to read.
    package static let plannedPerEntry = names(.plannedPerEntry).sorted()

    /// What other frameworks call the tensors that are no parameters.
    static let otherNamesOfTensors: [(String, OtherNames)] = [
        (
            TensorName.input.rawValue,
            ["inputs", "x", "data", "tensor", "image", "array", "values", "hiddenstates", "features"]
        ),
        (
            TensorName.gradOutput.rawValue,
            ["grad", "gradoutputs", "outgrad", "dy", "gradient", "upstream", "gradout"]
        ),
        (TensorName.indices.rawValue, ["argmaxindices", "poolmask", "switches"]),
    ]

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
        let tensors = TensorName.all.map(\.rawValue).filter { !elsewhere.contains($0) }
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
