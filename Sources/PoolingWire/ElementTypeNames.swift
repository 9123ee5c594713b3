import PoolingEngine

/// The names that a wire format has for element types.
struct ElementTypeNames: Sendable {
    let all: [String]
    private let elementTypes: [ElementType]

    init(_ names: KeyValuePairs<String, ElementType>) {
        (all, elementTypes) = (names.map(\.key), names.map(\.value))
    }

    func elementType(named name: some StringProtocol) -> ElementType? {
        all.firstIndex { $0 == name }.map { elementTypes[$0] }
    }

    /// Nil where the format has no such type.
    func name(of elementType: ElementType) -> String? {
        elementTypes.firstIndex(of: elementType).map { all[$0] }
    }
}
