/// The field `ops`: several ops over the same windows.
struct OpList: Sendable {
    static let counts = 1...16
    static let field = "ops"

    /// How the outputs of several ops become one.
    private enum Combination: String, CaseIterable {
        case concat
    }

    /// The request without its entries.
    let reader: FieldReader
    let entries: [OpEntry]
    let isCombined: Bool

    /// - Parameters:
    ///   - nested: the tensors of the entries.
    ///   - takesGradients: whether each entry may have a gradient, unless outputs are combined.
    init(
        _ reader: inout FieldReader, nested: [TensorPath: Tensor] = [:], takesGradients: Bool = false
    ) throws(PoolingError) {
        let values = try reader.takeEntries(Self.field, of: "names and objects", counts: Self.counts)
        try nested.requirePositions(below: values.count, of: Self.field)
        isCombined = reader.has("combine")
        _ = try reader.takeCase("combine", default: Combination.concat)
        if !takesGradients || isCombined { try Self.rejectGradients(in: nested, reader, isCombined: isCombined) }
        var entries: [OpEntry] = []
        for (position, value) in values.enumerated() {
            var tensors = nested.own(at: position)
            // Gradients come in one list for all.
            tensors[.gradOutput] = nil
            entries.append(
                try OpEntry(value, tensors: tensors, at: reader.pointer("\(Self.field)/\(position)")))
        }
        self.entries = entries
        self.reader = reader
    }

    /// Rejects gradients of entries in formats that name them; a list of them is a field, which nobody takes.
    private static func rejectGradients(
        in nested: [TensorPath: Tensor], _ reader: FieldReader, isCombined: Bool
    ) throws(PoolingError) {
        guard !reader.has("grad_outputs"),
            let path = nested.keys.filter({ $0.name == .gradOutput }).min(by: { $0.text < $1.text })
        else { return }
        throw PoolingError(
            .unusedField, at: path.text,
            isCombined
                ? "'\(path.text)' is the gradient of one op; with 'combine' there is one for all, 'grad_output'"
                : "'\(path.text)' is a gradient, which only backward requests take")
    }

    static func noChannelAxis(_ reader: FieldReader) -> PoolingError {
        reader.rejection(
            .unsupportedCombination, at: "combine",
            "'combine' joins outputs along the channel axis; this input has none, or 'axes' leaves it unnamed")
    }
}
