import PoolingEngine

/// Turns the inputs of a request into tensors, one after the other.
struct OpenInferenceInputs {
    private let json: UnsafeRawBufferPointer
    private let binary: UnsafeRawBufferPointer
    private let owner: AnyObject
    private var binaryTaken = 0
    private var tensors: [TensorName: Tensor] = [:]

    private let workspace: Workspace

    init(
        json: UnsafeRawBufferPointer, binary: UnsafeRawBufferPointer, owner: AnyObject, in workspace: Workspace
    ) {
        self.workspace = workspace
        self.json = json
        self.binary = binary
        self.owner = owner
    }

    mutating func take(_ input: consuming OpenInferenceDocument.Input, at index: Int) throws(WireError) {
        let place = "inputs/\(index)"
        let name = try Self.name(input, at: place)
        guard tensors[name] == nil else {
            throw .malformed(
                .duplicateKey, offset: nil, detail: "\(place): the input \"\(input.name.prefix(40))\" stands twice")
        }
        guard let elementType = OpenInferenceType.elementType(named: input.datatype) else {
            throw .refused(
                PoolingRefusal(
                    .unknownValue, at: "\(place)/datatype",
                    "the datatype \"\(input.datatype.prefix(40))\" is none of \(OpenInferenceType.allNames)"))
        }
        guard let byteCount = TensorBytes.count(of: elementType, shape: input.shape) else {
            throw .refused(
                PoolingRefusal(
                    .outOfRange, at: "\(place)/shape", "no memory can hold the shape \(TensorBytes.text(input.shape))"))
        }
        let binaryByteCount = try Self.binaryByteCount(input, at: place)
        switch (input.data, binaryByteCount) {
        case (nil, let size?):
            guard size == byteCount else {
                throw .refused(
                    PoolingRefusal(
                        .shapeMismatch, at: "\(place)/shape",
                        "\(input.datatype) of shape \(input.shape) takes \(byteCount) bytes, and binary_data_size is"
                            + " \(size)"))
            }
            tensors[name] = try takeBinary(name, elementType, input.shape, byteCount: size)
        case (let data?, nil):
            tensors[name] = try tensor(elementType, shape: input.shape, of: data, at: index)
        default:
            throw .refused(
                PoolingRefusal(.missingField, at: "\(place)/data", "an input has either data or binary_data_size"))
        }
    }

    /// The tensors, when every binary byte belongs to one.
    func finish() throws(WireError) -> [TensorName: Tensor] {
        guard binaryTaken == binary.count else { throw wrongBinaryCount(binaryTaken) }
        return tensors
    }

    private mutating func takeBinary(
        _ name: TensorName, _ elementType: ElementType, _ shape: [Int], byteCount: Int
    ) throws(WireError) -> Tensor {
        guard byteCount <= binary.count - binaryTaken else { throw wrongBinaryCount(nil) }
        let bytes = UnsafeRawBufferPointer(rebasing: binary[binaryTaken..<binaryTaken + byteCount])
        binaryTaken += byteCount
        return try TensorBytes.tensor(name, elementType, shape: shape, viewing: bytes, owner: owner, in: workspace)
    }

    /// The tensor of numbers that stand in the JSON, in one flat list or nested as the shape says.
    private func tensor(
        _ elementType: ElementType, shape: [Int], of data: consuming Elements, at index: Int
    ) throws(WireError) -> Tensor {
        // What was read as another type is gone before it is read again.
        let elements =
            if data.type == elementType { data } else {
                try reread(from: (consume data).start, as: elementType, at: index)
            }
        switch elements.content {
        case .failure(let refusal): throw .refused(refusal)
        case .success(let content):
            let count = shape.reduce(1, *)
            guard content.shape == [count] || content.shape == shape else {
                throw .refused(
                    PoolingRefusal(
                        .shapeMismatch, at: "inputs/\(index)/data",
                        "data is neither a flat list of \(count) numbers nor nested as the shape \(shape), but"
                            + " \(content.shape)"))
            }
            return Tensor(elementType: elementType, shape: shape, storage: content.storage)
        }
    }

    /// For a `datatype` that stands behind its `data`.
    private func reread(
        from start: Int, as elementType: ElementType, at index: Int
    ) throws(WireError) -> Elements {
        var reader = JSONReader(json, allowsBareNonFinite: true, in: workspace)
        reader.position = start
        for step in [JSONPath.Step.member("inputs"), .element(index), .member("data")] { reader.path.push(step) }
        return try Elements(of: elementType, expectedCount: nil, from: &reader)
    }

    private func wrongBinaryCount(_ count: Int?) -> WireError {
        .malformed(
            .request, offset: json.count + min(binaryTaken, binary.count),
            detail:
                "the inputs take \(count.map(String.init) ?? "more") bytes of binary data, and \(binary.count) follow"
                + " the JSON, from byte \(json.count) on")
    }

    private static func name(_ input: OpenInferenceDocument.Input, at place: String) throws(WireError) -> TensorName {
        if let name = TensorName(rawValue: input.name) { return name }
        let known = TensorName.allCases.map(\.rawValue).joined(separator: ", ")
        throw .refused(
            PoolingRefusal(
                .unknownField, at: "\(place)/name", "no tensor is called \"\(input.name.prefix(40))\"; known: \(known)")
        )
    }

    private static func binaryByteCount(
        _ input: OpenInferenceDocument.Input, at place: String
    ) throws(WireError) -> Int? {
        var size: Int?
        for parameter in input.parameters {
            let place = "\(place)/parameters/\(parameter.name)"
            try OpenInferenceParameters.refuseUnsupported(parameter, at: place)
            guard parameter.name == "binary_data_size" else {
                throw .refused(
                    PoolingRefusal(.unknownField, at: place, "an input has no parameter \"\(parameter.name)\""))
            }
            size = try OpenInferenceParameters.whole(parameter, at: place)
        }
        return size
    }
}
