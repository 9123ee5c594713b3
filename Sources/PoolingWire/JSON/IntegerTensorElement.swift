import PoolingEngine

/// The element types whose elements are stored as Swift's integers.
protocol IntegerTensorElement: TensorElement, FixedWidthInteger {}

extension IntegerTensorElement {
    @inline(__always)
    static func element(_ number: Decimal, _ powers: PowersOfTen) -> Self? {
        if number.exponent == 0, !number.isTruncated, let magnitude = Int64(exactly: number.significand) {
            return Self(exactly: number.isNegative ? -magnitude : magnitude)
        }
        return number.whole.flatMap { Self(exactly: $0) }
    }

    @inline(__always)
    func write(to text: UnsafeMutablePointer<UInt8>, _ numbers: NumberText) -> Int { numbers.write(self, to: text) }
}

extension Int8: IntegerTensorElement { static var elementType: ElementType { .int8 } }
extension UInt8: IntegerTensorElement { static var elementType: ElementType { .uint8 } }
extension Int16: IntegerTensorElement { static var elementType: ElementType { .int16 } }
extension UInt16: IntegerTensorElement { static var elementType: ElementType { .uint16 } }
extension Int32: IntegerTensorElement { static var elementType: ElementType { .int32 } }
extension Int64: IntegerTensorElement { static var elementType: ElementType { .int64 } }
