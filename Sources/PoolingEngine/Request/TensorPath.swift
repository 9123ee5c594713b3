/// A tensor that belongs to an entry of `ops`, to a layer, or to an entry of a layer: its name, and the positions that
/// lead to it.
package struct TensorPath: Hashable, Sendable {
    /// A layer and one of its ops.
    private static let deepest = 2
    /// Positions have at most so many digits; lists are far shorter.
    private static let longestPosition = 4

    package let name: TensorName
    package let path: [Int]

    package init(_ name: TensorName, _ path: [Int]) {
        (self.name, self.path) = (name, path)
    }

    /// Reads the name that binary formats have for such a tensor: `weights.1`, `weights.1.0`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard 2...Self.deepest + 1 ~= parts.count, let name = TensorName(rawValue: String(parts[0])) else { return nil }
        var path: [Int] = []
        for part in parts.dropFirst() {
            guard part.utf8.count <= Self.longestPosition, let position = Int(part), position >= 0,
                String(position) == part
            else { return nil }
            path.append(position)
        }
        self.init(name, path)
    }

    /// Reads a tensor's name with or without positions.
    package init?(label: String) {
        if let name = TensorName.named[label] {
            self.init(name, [])
        } else {
            self.init(label)
        }
    }

    /// The name in binary formats.
    package var text: String { name.rawValue.at(path) }
}

extension String {
    /// This name with positions behind it: `weights.1.0`.
    package func at(_ path: [Int]) -> String { path.reduce(self) { "\($0).\($1)" } }
}

extension [TensorPath: Tensor] {
    /// The tensors without positions.
    package var plain: [TensorName: Tensor] {
        reduce(into: [:]) { tensors, entry in
            if entry.key.path.isEmpty { tensors[entry.key.name] = entry.value }
        }
    }

    /// Those with positions.
    package var nested: [TensorPath: Tensor] { filter { !$0.key.path.isEmpty } }

    /// The tensors of the entry at `position` itself.
    func own(at position: Int) -> [TensorName: Tensor] {
        var tensors: [TensorName: Tensor] = [:]
        for (key, tensor) in self where key.path == [position] { tensors[key.name] = tensor }
        return tensors
    }

    /// The tensors of the entries of the entry at `position`.
    func inner(at position: Int) -> [TensorPath: Tensor] {
        var tensors: [TensorPath: Tensor] = [:]
        for (key, tensor) in self where key.path.count > 1 && key.path[0] == position {
            tensors[TensorPath(key.name, Array(key.path.dropFirst()))] = tensor
        }
        return tensors
    }

    /// Rejects tensors of positions beyond `count`.
    func requirePositions(below count: Int, of list: String) throws(PoolingError) {
        guard let path = keys.filter({ $0.path[0] >= count }).min(by: { $0.text < $1.text }) else { return }
        throw PoolingError(
            .unusedField, at: path.text, "the tensor '\(path.text)' belongs to no entry; '\(list)' has \(count)")
    }
}
