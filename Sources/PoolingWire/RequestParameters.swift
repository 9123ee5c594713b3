package import PoolingEngine

/// The fields of a request that are outside of its body.
package struct RequestParameters: Sendable {
    /// No nulls, no name twice; neither `dtype` nor `response_form`.
    package let fields: [Field]
    /// The request's `dtype`.
    package let elementType: ElementType?
    /// The request's `response_form`, for a response in JSON.
    package let responseForm: TensorForm?

    /// Small tensors in addition to the one in the body, as JSON.
    private let tensorTexts: [TensorName: [UInt8]]
    /// Lists whose entries may have tensors, as JSON.
    private let listTexts: [String: [UInt8]]

    package static let none = RequestParameters()

    private init() {
        (fields, elementType, responseForm, tensorTexts, listTexts) = ([], nil, nil, [:], [:])
    }

    /// Takes `dtype` and `response_form` out of `fields`, which have no name twice, and drops nulls.
    ///
    /// - Parameters:
    ///   - tensorTexts: the JSON of tensors, which can be read only when the main tensor's type is known.
    ///   - listTexts: the same of `ops` and `layers`, whose entries may have tensors.
    package init(
        _ fields: [Field], tensorTexts: [TensorName: [UInt8]] = [:], listTexts: [String: [UInt8]] = [:]
    ) throws(WireError) {
        var (elementType, responseForm): (ElementType?, TensorForm?) = (nil, nil)
        var others: [Field] = []
        for field in fields where field.value != .null {
            switch field.name {
            case "dtype": elementType = try Self.choice(field, among: ElementType.allCases)
            case "response_form": responseForm = try Self.choice(field, among: TensorForm.allCases)
            default: others.append(field)
            }
        }
        self.fields = others
        self.elementType = elementType
        self.responseForm = responseForm
        self.tensorTexts = tensorTexts
        self.listTexts = listTexts
    }

    /// The request that carries `tensors` in addition to these parameters.
    func request(
        _ endpoint: PoolingRequest.Endpoint, tensors: [TensorName: Tensor], nested: [TensorPath: Tensor] = [:],
        in workspace: Workspace = Workspace()
    ) throws(WireError) -> PoolingRequest {
        let main = TensorName.main(of: endpoint)
        var (tensors, nested) = (tensors, nested)
        for (name, text) in tensorTexts {
            guard tensors[name] == nil else {
                throw .rejected(
                    PoolingError(
                        .unsupportedCombination, at: name.rawValue,
                        "'\(name.rawValue)' is in the body and in the query string; leave out one of them"))
            }
            let defaultType = name.defaultElementType ?? elementType ?? tensors[main]?.elementType ?? .float32
            tensors[name] = try Self.tensor(text, name, defaultType, workspace)
        }
        var fields = fields
        let mainType =
            elementType ?? tensors[main]?.elementType ?? nested.first { $0.key.name == main }?.value.elementType
        for (name, text) in listTexts.sorted(by: { $0.key < $1.key }) {
            let list = try RequestReader.readList(text, named: name, defaultType: mainType ?? .float32, in: workspace)
            fields.append(Field(name, list.value))
            if let path = list.tensors.keys.first(where: { nested[$0] != nil }) {
                throw .rejected(
                    PoolingError(
                        .unsupportedCombination, at: path.text,
                        "'\(path.text)' is in the body and in '\(name)'; leave out one of them"))
            }
            nested.merge(list.tensors) { $1 }
        }
        return PoolingRequest(
            endpoint: endpoint, elementType: elementType, fields: fields, tensors: tensors, nested: nested)
    }

    private static func tensor(
        _ text: [UInt8], _ name: TensorName, _ defaultType: ElementType, _ workspace: Workspace
    ) throws(WireError) -> Tensor {
        let outcome = try text.withUnsafeBufferPointer { (bytes) throws(WireError) in
            var reader = JSONReader(UnsafeRawBufferPointer(bytes), in: workspace)
            reader.path.push(.member(name.rawValue))
            reader.skipWhitespace()
            let outcome = try TensorValueReader(name: name, defaultType: defaultType).take(from: &reader)
            try reader.takeEnd()
            try reader.throwRejection()
            return outcome
        }
        switch outcome.tensor {
        case .success(let tensor): return tensor
        case .failure(let rejection): throw .rejected(rejection)
        }
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ field: Field, among choices: [Choice]
    ) throws(WireError) -> Choice {
        do {
            return try field.value.choice(among: choices, at: field.name)
        } catch {
            throw .rejected(error)
        }
    }
}

extension TensorName {
    /// The tensor that a format with room for one tensor carries.
    static func main(of endpoint: PoolingRequest.Endpoint) -> TensorName {
        endpoint == .backward ? .gradOutput : .input
    }
}
