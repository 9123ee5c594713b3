import PoolingEngine

/// A `bool` element: the byte 0 or 1.
struct Truth: TensorElement {
    static var elementType: ElementType { .bool }
    let byte: UInt8

    static func element(_ number: Decimal, _ powers: PowersOfTen) -> Truth? {
        UInt8.element(number, powers).flatMap { $0 <= 1 ? Truth(byte: $0) : nil }
    }

    static func element(truth: Bool) -> Truth? { Truth(byte: truth ? 1 : 0) }

    func write(to text: UnsafeMutablePointer<UInt8>, _ numbers: NumberText) -> Int {
        let word: StaticString = byte == 0 ? "false" : "true"
        text.update(from: word.utf8Start, count: word.utf8CodeUnitCount)
        return word.utf8CodeUnitCount
    }
}
