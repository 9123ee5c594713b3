import PoolingEngine
import RecycledMemory

extension JSONReader {
    /// Whether a number comes next, by its first character.
    var isAtNumber: Bool { next == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= next }

    /// Takes nested lists of numbers, or a lone number, as elements of `type`.
    mutating func takeElements(
        of type: ElementType, expectedCount: Int? = nil
    ) throws(WireError) -> (shape: [Int], storage: Bytes) {
        try type.json.takeTensor(from: &self, expectedCount: expectedCount)
    }

    /// Takes one element of any spelling.
    ///
    /// - Parameter indices: its position in the nested lists.
    mutating func takeElement<Element: TensorElement>(
        of type: Element.Type, at indices: @autoclosure () -> [Int]
    ) throws(WireError) -> Element {
        if isAtNumber, !(allowsBareNonFinite && bytes[position...].starts(with: "-I".utf8)) {
            let number = try takeNumber()
            if let element = Element.element(number, powers) { return element }
            let isWhole = number.double(powers) == number.double(powers).rounded()
            throw rejection(
                .notRepresentable, at: indices(), misfit(Self.excerpt(of: number), Element.self, isWhole: isWhole))
        }
        if let value = try takeNonFinite() {
            if let element = Element.element(nonFinite: value) { return element }
            throw rejection(
                .notRepresentable, at: indices(), misfit(value.jsonName, Element.self, isWhole: false))
        }
        let value = try takeValue()
        if case .bool(let truth) = value, let element = Element.element(truth: truth) { return element }
        throw rejection(.wrongType, at: indices(), "expected \(Element.expectation), got \(value.kind)")
    }

    /// Takes a name of NaN or an infinity.
    private mutating func takeNonFinite() throws(WireError) -> Double? {
        if takeWord("\"NaN\"") { return .nan }
        if takeWord("\"Infinity\"") { return .infinity }
        if takeWord("\"-Infinity\"") { return -.infinity }
        return takeBareNonFinite()
    }

    /// Why no element is made of a number.
    private func misfit<Element: TensorElement>(
        _ number: String, _ type: Element.Type, isWhole: Bool
    ) -> String {
        if Element.elementType == .bool { return "expected \(Element.expectation), got \(number)" }
        guard !isWhole, let name = path.tensor, name.defaultElementType == .int64 else {
            return "\(Element.elementType) cannot hold \(number)"
        }
        return "'\(name.rawValue)' are whole numbers; got \(number)"
    }

    private func rejection(_ reason: PoolingError.Reason, at indices: [Int], _ detail: String) -> WireError {
        .rejected(PoolingError(reason, at: path.pointer(indices), detail))
    }

    /// A number's text, cut short where it is long.
    private static func excerpt(of number: Decimal) -> String {
        let limit = 40
        let text = String(decoding: number.text.prefix(limit), as: UTF8.self)
        return number.text.count > limit ? text + "…" : text
    }
}

extension Double {
    /// A non-finite number as JSON names it here.
    fileprivate var jsonName: String { isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
}

extension TensorElement {
    fileprivate static var expectation: String {
        elementType == .bool ? "true, false, 0 or 1" : "a number (\(elementType))"
    }
}
