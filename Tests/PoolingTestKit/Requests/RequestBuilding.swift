package import PoolingEngine

/// Fields written as a literal, in the order in which they were written.
package typealias Fields = KeyValuePairs<String, FieldValue>

extension [Field] {
    package init(_ fields: Fields) { self = fields.map { Field($0.key, $0.value) } }
}

/// A forward request as a test writes it down: `request("max", ["kernel": 2], input: tensor)`.
package func request(
    _ op: String, _ fields: Fields = [:], input: Tensor, _ more: [TensorName: Tensor] = [:]
) -> PoolingRequest {
    PoolingRequest(
        endpoint: .forward, elementType: input.elementType, fields: [Field("op", .string(op))] + [Field](fields),
        tensors: more.merging([.input: input]) { first, _ in first })
}

/// A request to `endpoint` with exactly these fields and tensors.
package func request(
    _ endpoint: PoolingRequest.Endpoint, _ fields: Fields, _ tensors: [TensorName: Tensor],
    _ type: ElementType = .float32
) -> PoolingRequest {
    PoolingRequest(endpoint: endpoint, elementType: type, fields: [Field](fields), tensors: tensors)
}

extension PoolingRequest {
    /// The same request with `value` under `name`, in place of what stood there.
    package func with(_ name: String, _ value: FieldValue) -> PoolingRequest {
        var changed = without(name)
        changed.fields.append(Field(name, value))
        return changed
    }

    package func with(_ name: TensorName, _ tensor: Tensor) -> PoolingRequest {
        var changed = self
        changed.tensors[name] = tensor
        return changed
    }

    package func without(_ name: String) -> PoolingRequest {
        var changed = self
        changed.fields.removeAll { $0.name == name }
        return changed
    }

    package func without(_ name: TensorName) -> PoolingRequest {
        var changed = self
        changed.tensors[name] = nil
        return changed
    }

    /// The gradient of this forward request, computed from its input.
    package func backward(_ gradOutput: Tensor) -> PoolingRequest {
        var changed = with(.gradOutput, gradOutput)
        changed.endpoint = .backward
        return changed
    }

    /// The gradient of this forward request, computed from what its forward gave as `indices`.
    package func backward(_ gradOutput: Tensor, indices: Tensor) -> PoolingRequest {
        let shape = tensors[.input].map(\.shape) ?? []
        return backward(gradOutput).without(.input).with(.indices, indices).with("input_shape", .wholes(shape))
    }
}
