import PoolingEngine
import RecycledMemory

/// The stored form of one ``ElementType`` and what JSON makes of it.
protocol TensorElement: BitwiseCopyable, SendableMetatype {
    static var elementType: ElementType { get }

    /// The element that a number's text names; nil where this type cannot hold it.
    static func element(_ number: Decimal, _ powers: PowersOfTen) -> Self?
    /// The element for NaN or an infinity; nil where this type has none.
    static func element(nonFinite: Double) -> Self?
    /// The element for `true` or `false`; nil where this type has none.
    static func element(truth: Bool) -> Self?

    /// Writes the element's text, as ``NumberText`` does.
    func write(to text: UnsafeMutablePointer<UInt8>, _ numbers: NumberText) -> Int

    // Work on whole tensors is required here and not only extended, so that each type has a loop of its own.

    /// Takes nested lists of numbers, or a lone number, as ``NestedArrayReader`` does.
    static func takeTensor(
        from reader: inout JSONReader, expectedCount: Int?
    ) throws(WireError) -> (shape: [Int], storage: Bytes)
    /// Takes nested lists that are likely to have a known shape, as ``ShapedArrayReader`` does.
    static func takeTensor(
        _ shape: [Int], from bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, _ powers: PowersOfTen
    ) -> Bytes?
    /// Writes the elements in `storage` as lists of `shape`.
    static func write(_ storage: Bytes, _ shape: [Int], to writer: inout JSONWriter)
    /// Writes a row of elements, with `separator` before the first one and a comma before each other.
    static func write(_ row: UnsafeBufferPointer<Self>, after separator: UInt8, to writer: inout JSONWriter)
}

extension ElementType {
    /// Its elements, as JSON reads and writes them.
    var json: any TensorElement.Type {
        switch self {
        case .float32: Float.self
        case .float64: Double.self
        case .float16: StoredFloat16.self
        case .bfloat16: StoredBFloat16.self
        case .int8: Int8.self
        case .uint8: UInt8.self
        case .int16: Int16.self
        case .uint16: UInt16.self
        case .int32: Int32.self
        case .int64: Int64.self
        case .bool: Truth.self
        }
    }
}

extension TensorElement {
    static func element(nonFinite: Double) -> Self? { nil }
    static func element(truth: Bool) -> Self? { nil }

    static func takeTensor(
        from reader: inout JSONReader, expectedCount: Int?
    ) throws(WireError) -> (shape: [Int], storage: Bytes) {
        try NestedArrayReader<Self>.take(from: &reader, expectedCount: expectedCount)
    }

    static func takeTensor(
        _ shape: [Int], from bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, _ powers: PowersOfTen
    ) -> Bytes? {
        ShapedArrayReader<Self>.take(shape, from: bytes, at: &position, powers)
    }

    static func write(_ storage: Bytes, _ shape: [Int], to writer: inout JSONWriter) {
        writer.append(storage, shape, of: Self.self)
    }

    @inline(__always)
    static func write(_ row: UnsafeBufferPointer<Self>, after separator: UInt8, to writer: inout JSONWriter) {
        let numbers = writer.numbers
        for (index, element) in row.enumerated() {
            writer.append { text in
                text.pointee = index == 0 ? separator : UInt8(ascii: ",")
                return 1 &+ element.write(to: text + 1, numbers)
            }
        }
    }
}

extension Double: TensorElement {
    static var elementType: ElementType { .float64 }

    @inline(__always)
    static func element(_ number: Decimal, _ powers: PowersOfTen) -> Double? {
        let value = number.double(powers)
        return value.isInfinite ? nil : value
    }

    static func element(nonFinite: Double) -> Double? { nonFinite }

    @inline(__always)
    func write(to text: UnsafeMutablePointer<UInt8>, _ numbers: NumberText) -> Int { numbers.write(self, to: text) }
}

extension Float: TensorElement {
    static var elementType: ElementType { .float32 }

    @inline(__always)
    static func element(_ number: Decimal, _ powers: PowersOfTen) -> Float? {
        let value = number.float(powers)
        return value.isInfinite ? nil : value
    }

    static func element(nonFinite: Double) -> Float? { Float(nonFinite) }

    func write(to text: UnsafeMutablePointer<UInt8>, _ numbers: NumberText) -> Int { numbers.write(self, to: text) }

    static func write(_ row: UnsafeBufferPointer<Float>, after separator: UInt8, to writer: inout JSONWriter) {
        var texts = FloatTexts(writer.numbers)
        for start in stride(from: 0, to: row.count, by: FloatTexts.count) {
            let end = min(start + FloatTexts.count, row.count)
            writer.append { text in
                let used = texts.write(UnsafeBufferPointer(rebasing: row[start..<end]), to: text)
                if start == 0 { text.pointee = separator }
                return used
            }
        }
    }
}
