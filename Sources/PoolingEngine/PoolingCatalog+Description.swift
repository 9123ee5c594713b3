extension PoolingCatalog {
    /// The members `ops`, `regions` and `endpoints` of `GET /v1/operations`.
    package static func describe() -> [Field] {
        [
            Field("ops", .list(ops.map { $0.descriptor.described })),
            Field("regions", .list(regions.map { described($0) })),
            Field("endpoints", .object(endpoints.map { Field($0.name, .list($0.fields.map { .string($0) })) })),
        ]
    }

    /// The fields of each endpoint, without those of its op and region.
    private static let endpoints: [(name: String, fields: [String])] = {
        let layer = ["op", "ops", "combine", "layers", "region", "layout", "dims", "axes"]
        let indexFields = ["return_indices", "index_base", "index_order", "index_dtype"]
        let wire = ["dtype", "response_form"]
        return [
            ("forward", layer + ["input"] + indexFields + wire),
            (
                "backward",
                layer + ["grad_output", "grad_outputs", "input", "input_shape", "indices", "return_grad_parameters"]
                    + indexFields + wire
            ),
            (
                "unpool",
                [
                    "input", "indices", "index_base", "index_order", "kernel", "stride", "padding", "dilation",
                    "layout", "dims", "output_size", "index_shape", "skip_empty",
                ] + wire
            ),
            ("shape", ["input_shape", "output_shape", "dtype", "index_base", "index_dtype"] + layer),
            ("batch", ["requests"]),
        ]
    }()

    private static func described(_ region: any Region.Type) -> FieldValue {
        let rejects: [FieldValue] = ops.compactMap { op in
            region.capabilities.rejection(of: op).map {
                .object([Field("op", .string(op.descriptor.name)), Field("reason", .string($0))])
            }
        }
        return .object([
            Field("name", .string(region.descriptor.name)),
            Field("parameters", .list(region.descriptor.parameters.map(\.described))),
            Field("refuses", .list(rejects)),
            Field("axes", .bool(region.descriptor.acceptsAxes)),
            Field("summary", .string(region.descriptor.summary)),
            Field("source", .string(region.descriptor.source)),
        ])
    }
}

extension OpDescriptor {
    fileprivate var described: FieldValue {
        return .object([
            Field("name", .string(name)),
            Field("indices", .bool(hasIndices)),
            Field("gradient", .string(gradient.rawValue)),
            Field("dtypes", .list(elementTypes.map { .string($0.rawValue) })),
            Field("parameters", .list(parameters.map(\.described))),
            Field("summary", .string(summary)),
            Field("source", .string(source)),
        ])
    }
}

extension ParameterDescriptor {
    fileprivate var described: FieldValue {
        var fields = [Field("name", .string(name)), Field("type", .string(type))]
        if !values.isEmpty { fields.append(Field("values", .list(values.map { .string($0) }))) }
        fields.append(Field("default", standard))
        fields.append(Field("summary", .string(summary)))
        return .object(fields)
    }
}
