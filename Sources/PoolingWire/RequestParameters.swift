package import PoolingEngine

/// What a request says beside its tensors, where it says it outside of its body.
package struct RequestParameters: Sendable {
    /// No nulls, no name twice; neither `dtype` nor `response_form`.
    package let fields: [Field]
    /// The request's `dtype`.
    package let elementType: ElementType?
    /// The request's `response_form`, for an answer in JSON.
    package let responseForm: TensorForm?

    package static let none = RequestParameters(fields: [], elementType: nil, responseForm: nil)

    private init(fields: [Field], elementType: ElementType?, responseForm: TensorForm?) {
        self.fields = fields
        self.elementType = elementType
        self.responseForm = responseForm
    }

    /// Takes `dtype` and `response_form` out of `fields`, which have no name twice, and drops nulls.
    package init(_ fields: [Field]) throws(WireError) {
        var (elementType, responseForm): (ElementType?, TensorForm?) = (nil, nil)
        var others: [Field] = []
        for field in fields where field.value != .null {
            switch field.name {
            case "dtype": elementType = try Self.choice(field, among: ElementType.poolable)
            case "response_form": responseForm = try Self.choice(field, among: TensorForm.allCases)
            default: others.append(field)
            }
        }
        self.init(fields: others, elementType: elementType, responseForm: responseForm)
    }

    /// The request that carries `tensors` beside these parameters.
    ///
    /// - Throws: a refusal where `dtype` contradicts the main tensor's own type.
    func request(
        _ endpoint: PoolingRequest.Endpoint, tensors: [TensorName: Tensor]
    ) throws(WireError) -> PoolingRequest {
        let main = TensorName.main(of: endpoint)
        if let elementType, let own = tensors[main]?.elementType, own != elementType {
            throw .refused(
                PoolingRefusal(
                    .unsupportedCombination, at: "dtype",
                    "dtype is \(elementType.rawValue), but \(main.rawValue) is sent as \(own.rawValue)"))
        }
        return PoolingRequest(endpoint: endpoint, elementType: elementType, fields: fields, tensors: tensors)
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ field: Field, among choices: [Choice]
    ) throws(WireError) -> Choice {
        do {
            return try field.value.choice(among: choices, at: field.name)
        } catch {
            throw .refused(error)
        }
    }
}

extension TensorName {
    /// The tensor that a format with room for one tensor carries.
    static func main(of endpoint: PoolingRequest.Endpoint) -> TensorName {
        endpoint == .backward ? .gradOutput : .input
    }
}
