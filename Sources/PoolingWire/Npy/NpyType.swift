import PoolingEngine

/// The element type of a `.npy` file, which numpy writes as byte order, kind and size: `<f4`.
struct NpyType {
    let elementType: ElementType
    let isBigEndian: Bool

    private static let kinds: [String: ElementType] = [
        "f8": .float64, "f4": .float32, "f2": .float16,
        "i8": .int64, "i4": .int32, "i2": .int16, "i1": .int8, "u2": .uint16, "u1": .uint8, "b1": .bool,
    ]

    /// - Throws: a rejection for types that no tensor here has: strings, objects, complex numbers, ...
    init(_ description: String) throws(WireError) {
        guard let elementType = Self.kinds[String(description.dropFirst())],
            let order = description.first, Self.orders(of: elementType).contains(order)
        else {
            throw .rejected(
                PoolingError(
                    .unknownValue, at: "input",
                    "the npy type is '\(description.prefix(64))'; it must be f8, f4, f2, i8, i4, i2, i1, u2, u1 or b1"))
        }
        self.elementType = elementType
        isBigEndian = order == ">"
    }

    /// The byte orders that a file may name; `=` is the native one, which is little-endian here.
    private static func orders(of elementType: ElementType) -> String {
        elementType.size == 1 ? "|<>=" : "<>="
    }

    /// How numpy names `elementType`, or nil where it has no name.
    static func description(of elementType: ElementType) -> String? {
        guard let kind = kinds.first(where: { $0.value == elementType })?.key else { return nil }
        return (elementType.size == 1 ? "|" : "<") + kind
    }
}
