import PoolingEngine

// numpy writes an element type as byte order, kind and size: `<f4`.
extension NpyHeader {
    private static let kinds = ElementTypeNames([
        "f8": .float64, "f4": .float32, "f2": .float16,
        "i8": .int64, "i4": .int32, "i2": .int16, "i1": .int8, "u2": .uint16, "u1": .uint8, "b1": .bool,
    ])

    /// - Throws: a rejection for types that no tensor here has: strings, objects, complex numbers, ...
    static func type(_ description: String) throws(WireError) -> (elementType: ElementType, isBigEndian: Bool) {
        guard let elementType = kinds.elementType(named: description.dropFirst()),
            let order = description.first, orders(of: elementType).contains(order)
        else {
            throw .rejected(
                PoolingError(
                    .unknownValue, at: "input",
                    "the npy type is '\(description.prefix(64))'; it must be \(kinds.all.alternatives)"))
        }
        return (elementType, order == ">")
    }

    /// The byte orders that a file may name; `=` is the native one, which is little-endian here.
    private static func orders(of elementType: ElementType) -> String {
        elementType.size == 1 ? "|<>=" : "<>="
    }

    /// How numpy names `elementType`, or nil where it has no name.
    static func description(of elementType: ElementType) -> String? {
        kinds.name(of: elementType).map { (elementType.size == 1 ? "|" : "<") + $0 }
    }
}
