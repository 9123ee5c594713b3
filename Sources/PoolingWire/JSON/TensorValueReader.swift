import PoolingEngine
import RecycledMemory

/// Reads one tensor of a request, in any of its forms.
struct TensorValueReader {
    let name: TensorName
    /// The type where the tensor does not say one.
    let defaultType: ElementType

    /// A tensor as it was read, or why it is none; the reader is behind the value in both cases.
    struct Outcome {
        let tensor: Result<Tensor, PoolingError>
        let form: TensorForm
        let namesItsType: Bool
    }

    /// Takes the tensor's value, whatever it is.
    func take(from reader: inout JSONReader) throws(WireError) -> Outcome {
        switch reader.next {
        case UInt8(ascii: "{"): return try takeObject(&reader)
        case UInt8(ascii: "["), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let elements = try JSONElements(of: defaultType, expectedCount: nil, from: &reader)
            let tensor = elements.content.map {
                Tensor(elementType: defaultType, shape: $0.shape, storage: $0.storage)
            }
            return Outcome(tensor: tensor, form: .nested, namesItsType: false)
        default:
            let value = try reader.takeValue()
            let rejection = PoolingError(
                .wrongType, at: reader.path.pointer(),
                "expected a list of numbers or a tensor object, got \(value.kind)")
            return Outcome(tensor: .failure(rejection), form: .nested, namesItsType: false)
        }
    }

    private func takeObject(_ reader: inout JSONReader) throws(WireError) -> Outcome {
        var draft = TensorObjectDraft(name: name, defaultType: defaultType)
        try reader.takeMembers { (reader, member) throws(WireError) in
            try draft.take(member, from: &reader)
        }
        let end = reader.position
        let tensor = try draft.tensor(&reader)
        reader.position = end
        return Outcome(tensor: tensor, form: draft.form, namesItsType: draft.namesItsType)
    }
}
