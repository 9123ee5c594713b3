package import PoolingEngine

extension FieldValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
    package init(integerLiteral value: Int) { self = .whole(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: FieldValue...) { self = .list(elements) }
    package init(nilLiteral: ()) { self = .null }

    package static func whole(_ value: Int) -> FieldValue { .number(FieldNumber(value)) }
    package static func wholes(_ values: [Int]) -> FieldValue { .list(values.map(FieldValue.whole)) }

    /// A number as a codec would deliver it: 2.0 is whole, 2.5 is not.
    package static func real(_ value: Double) -> FieldValue {
        .number(FieldNumber(value: value, whole: Int128(exactly: value)))
    }

    package static func reals(_ values: [Double]) -> FieldValue { .list(values.map(FieldValue.real)) }
}
