/// Padding as a request writes it.
enum Padding: Sendable {
    struct Sides: Sendable, Hashable {
        let before: Int
        let after: Int
    }

    case sides(PerAxis<Sides>)
    /// As much as makes the output ⌈input/stride⌉, the odd cell after (TensorFlow's SAME) or before.
    case same(extraBefore: Bool)

    private static let names = ["valid", "same", "same_lower"]
    private static let range = 0...FieldNames.largestExtent

    init(_ reader: inout FieldReader) throws(PoolingError) {
        switch reader.take("padding") {
        case nil: self = .sides(.all(Sides(before: 0, after: 0)))
        case .string("valid"): self = .sides(.all(Sides(before: 0, after: 0)))
        case .string("same"): self = .same(extraBefore: false)
        case .string("same_lower"): self = .same(extraBefore: true)
        case .string(let other):
            throw Self.unknown(other, reader)
        case .list(let values): self = .sides(.each(try Self.list(values, reader)))
        case .some(let value):
            let amount = try reader.integer(value, at: "padding", in: Self.range)
            self = .sides(.all(Sides(before: amount, after: amount)))
        }
    }

    /// A string that is no padding, and may be what fills it.
    private static func unknown(_ name: String, _ reader: FieldReader) -> PoolingError {
        let modes = PaddingMode.allCases.map(\.rawValue)
        let values = Vocabulary.values
        guard NameHint.suggestion(for: name, among: names, values["padding"] ?? Vocabulary([:])) == nil,
            let mode = NameHint.suggestion(for: name, among: modes, values["padding_mode"] ?? Vocabulary([:]))
        else {
            return reader.unknownValue(name, at: "padding", known: names, others: "a number, a list")
        }
        return reader.rejection(
            .unknownValue, at: "padding",
            "'padding' is '\(name.prefix(64))'; it must be a number, a list, \(names.alternatives)"
                + NameHint.question("padding_mode", "with '\(mode.word)'"))
    }

    /// Numbers, one an axis, or pairs `[before, after]`.
    private static func list(_ values: [FieldValue], _ reader: FieldReader) throws(PoolingError) -> [Sides] {
        guard let first = values.first else {
            throw reader.rejection(.wrongLength, at: "padding", "'padding' must not be empty")
        }
        var sides: [Sides] = []
        for (position, value) in values.enumerated() {
            let pointer = "padding/\(position)"
            guard case .list(let pair) = value else {
                guard first.kind != "a list" else {
                    throw reader.rejection(.wrongType, at: pointer, "'padding' must be all numbers or all pairs")
                }
                let amount = try reader.integer(value, at: pointer, in: range)
                sides.append(Sides(before: amount, after: amount))
                continue
            }
            guard first.kind == "a list" else {
                throw reader.rejection(.wrongType, at: pointer, "'padding' must be all numbers or all pairs")
            }
            guard pair.count == 2 else {
                throw reader.rejection(
                    .wrongLength, at: pointer, "a pair of paddings is [before, after], not \(pair.count) numbers")
            }
            sides.append(
                Sides(
                    before: try reader.integer(pair[0], at: pointer + "/0", in: range),
                    after: try reader.integer(pair[1], at: pointer + "/1", in: range)))
        }
        return sides
    }

    var length: Int? {
        if case .sides(let sides) = self { sides.length } else { nil }
    }

    /// The padding of one axis.
    enum Side: Sendable {
        case cells(before: Int, after: Int)
        case same(extraBefore: Bool)
    }

    func entry(_ axis: Int) -> Side {
        switch self {
        case .sides(let sides): .cells(before: sides.entry(axis).before, after: sides.entry(axis).after)
        case .same(let extraBefore): .same(extraBefore: extraBefore)
        }
    }
}

extension FieldReader {
    /// Where 'padding' has twice the entries that another list has, as the `pads` of ONNX: how they are written here.
    ///
    /// - Parameter lists: two with their lengths.
    func padsCure(of lists: [(name: String, length: Int)]) -> String {
        guard let padding = lists.first(where: { $0.name == "padding" }),
            let other = lists.first(where: { $0.name != "padding" }), padding.length == 2 * other.length,
            let pads = givenNumbers("padding")
        else { return "" }
        let pairs = (0..<other.length).map { [pads[$0], pads[$0 + other.length]] }
        return "; ONNX pads \(pads) are \(pairs) here"
    }
}
