import PoolingEngine

/// The location of a value in a document, as a JSON pointer.
struct JSONPath {
    enum Step {
        case member(String)
        case element(Int)
    }

    private(set) var steps: [Step] = []

    /// The tensor that this leads into.
    var tensor: TensorName? {
        steps.lazy.compactMap { if case .member(let name) = $0 { TensorName.named[name] } else { nil } }.first
    }

    mutating func push(_ step: Step) { steps.append(step) }
    mutating func pop() { steps.removeLast() }

    mutating func moveToElement(_ index: Int) { steps[steps.count - 1] = .element(index) }

    /// The pointer without its leading slash, continued by `indices`.
    func pointer(_ indices: some Sequence<Int> = EmptyCollection()) -> String {
        let names = steps.map { step in
            switch step {
            case .member(let name): Self.escaped(name)
            case .element(let index): String(index)
            }
        }
        return (names + indices.map(String.init)).joined(separator: "/")
    }

    private static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.reduce(into: "") { text, character in
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
    }
}
