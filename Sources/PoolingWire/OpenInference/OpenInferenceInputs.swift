import PoolingEngine
import RecycledMemory

/// Turns the inputs of a request into tensors, one after the other.
struct OpenInferenceInputs {
    private let json: UnsafeRawBufferPointer
    private let binary: Bytes
    private var binaryTaken = 0
    private var tensors: [TensorPath: Tensor] = [:]

    private let workspace: Workspace

    init(json: UnsafeRawBufferPointer, binary: Bytes, in workspace: Workspace) {
        self.workspace = workspace
        self.json = json
        self.binary = binary
    }

    mutating func take(_ input: consuming OpenInferenceDocument.Input, at index: Int) throws(WireError) {
        let pointer = "inputs/\(index)"
        let name = try Self.name(input, at: pointer)
        guard tensors[name] == nil else {
            throw .malformed(
                .duplicateKey, offset: nil, detail: "\(pointer): the input '\(input.name.prefix(64))' is there twice")
        }
        guard let elementType = ElementTypeNames.openInference.elementType(named: input.datatype) else {
            throw .rejected(
                PoolingError(
                    .unknownValue, at: "\(pointer)/datatype",
                    "the datatype is '\(input.datatype.prefix(64))'; it must be "
                        + ElementTypeNames.openInference.all.joined(separator: ", ")
                        + ElementTypeNames.openInference.hint(for: input.datatype)))
        }
        guard let byteCount = TensorBytes.count(of: elementType, shape: input.shape) else {
            throw .rejected(
                PoolingError(
                    .outOfRange, at: "\(pointer)/shape",
                    "the shape \(TensorBytes.text(input.shape)) has more elements than can be addressed"))
        }
        let binaryByteCount = try OpenInferenceParameters.value(
            named: "binary_data_size", in: input.parameters, of: "an input", at: pointer, OpenInferenceParameters.whole)
        switch (input.data, binaryByteCount) {
        case (nil, let size?):
            guard size == byteCount else {
                throw .rejected(
                    PoolingError(
                        .shapeMismatch, at: "\(pointer)/shape",
                        "\(input.datatype) of shape \(input.shape) needs \(byteCount) bytes; binary_data_size is"
                            + " \(size)"))
            }
            tensors[name] = try takeBinary(name, elementType, input.shape, byteCount: size)
        case (let data?, nil):
            tensors[name] = try tensor(elementType, shape: input.shape, of: data, at: index)
        default:
            throw .rejected(
                PoolingError(.missingField, at: "\(pointer)/data", "an input needs either data or binary_data_size"))
        }
    }

    /// The tensors, when every binary byte belongs to one.
    func finish() throws(WireError) -> [TensorPath: Tensor] {
        guard binaryTaken == binary.count else { throw wrongBinaryCount(binaryTaken) }
        return tensors
    }

    private mutating func takeBinary(
        _ name: TensorPath, _ elementType: ElementType, _ shape: [Int], byteCount: Int
    ) throws(WireError) -> Tensor {
        guard byteCount <= binary.count - binaryTaken else { throw wrongBinaryCount(nil) }
        let bytes = binary[binaryTaken..<binaryTaken + byteCount]
        binaryTaken += byteCount
        return try TensorBytes.tensor(name.text, elementType, shape: shape, bytes, in: workspace)
    }

    /// The tensor of numbers in the JSON, in one flat list or nested as the shape says.
    private func tensor(
        _ elementType: ElementType, shape: [Int], of data: consuming JSONElements, at index: Int
    ) throws(WireError) -> Tensor {
        // What was read as another type is gone before it is read again.
        let elements =
            if data.type == elementType { data } else {
                try reread(from: (consume data).start, as: elementType, at: index)
            }
        switch elements.content {
        case .failure(let rejection): throw .rejected(rejection)
        case .success(let content):
            let count = shape.reduce(1, *)
            guard content.shape == [count] || content.shape == shape else {
                throw .rejected(
                    PoolingError(
                        .shapeMismatch, at: "inputs/\(index)/data",
                        "expected a flat list of \(count) numbers, or lists nested as the shape \(shape); got the shape"
                            + " \(content.shape)"))
            }
            return Tensor(elementType: elementType, shape: shape, storage: content.storage)
        }
    }

    /// For a `datatype` behind its `data`.
    private func reread(
        from start: Int, as elementType: ElementType, at index: Int
    ) throws(WireError) -> JSONElements {
        var reader = JSONReader(json, allowsBareNonFinite: true, in: workspace)
        reader.position = start
        for step in [JSONPath.Step.member("inputs"), .element(index), .member("data")] { reader.path.push(step) }
        return try JSONElements(of: elementType, expectedCount: nil, from: &reader)
    }

    private func wrongBinaryCount(_ count: Int?) -> WireError {
        .malformed(
            .request, offset: json.count + min(binaryTaken, binary.count),
            detail:
                "the inputs need \(count.map(String.init) ?? "more") bytes of binary data, and \(binary.count) follow"
                + " the JSON (byte \(json.count))")
    }

    private static func name(_ input: OpenInferenceDocument.Input, at pointer: String) throws(WireError) -> TensorPath {
        if let name = TensorPath(label: input.name) { return name }
        let known = TensorName.all.map(\.rawValue).joined(separator: ", ")
        throw .rejected(
            PoolingError(
                .unknownField, at: "\(pointer)/name",
                "there is no tensor '\(input.name.prefix(64))'; known tensors are \(known)"
                    + NameHint.text(for: input.name, among: TensorName.all.map(\.rawValue), .fields)))
    }
}
