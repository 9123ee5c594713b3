/// The shape of nested lists, found and checked while they are read.
///
/// The first number or empty list says how deep the others must be, and the first list to end at a depth how long.
struct ArrayShape {
    /// The lists of one depth.
    private struct Level {
        /// The length of each; nil where none has ended yet.
        var extent: Int?
        /// The index of the current element in the open one.
        var index = 0
    }

    /// The outermost first; those from ``depth`` on are not open at the moment.
    private var levels: [Level] = []
    /// Tensors of pictures have so many dimensions.
    private static let usualRank = 4
    private(set) var depth = 0
    private var rank: Int?

    /// For each open list, the index of the current element.
    var indices: [Int] { levels[..<depth].map(\.index) }

    /// The shape, once all lists are closed.
    var shape: [Int] { levels.map { $0.extent ?? 0 } }

    /// Why a list or a number does not fit those before it.
    enum Mistake: Error {
        /// A list in the place of a number.
        case list
        /// The same, where no number has come because the first list is empty.
        case listAfterEmpty
        /// A number in the place of a list.
        case number
        case length(Int, expected: Int)
    }

    mutating func open() throws(Mistake) {
        if let rank, depth == rank { throw depth > 0 && levels[depth - 1].extent == 0 ? .listAfterEmpty : .list }
        if levels.isEmpty { levels.reserveCapacity(Self.usualRank) }
        if depth == levels.count { levels.append(Level()) } else { levels[depth].index = 0 }
        depth += 1
    }

    /// A number comes.
    mutating func takeNumber() throws(Mistake) {
        if rank == nil { rank = depth }
        guard depth == rank else { throw .number }
    }

    /// `count` elements of the innermost list have gone by.
    @inline(__always)
    mutating func advance(by count: Int) {
        levels[depth - 1].index += count
    }

    /// The innermost list ends.
    mutating func close(isEmpty: Bool) throws(Mistake) {
        if rank == nil { rank = depth }
        depth -= 1
        let length = levels[depth].index + (isEmpty ? 0 : 1)
        guard let expected = levels[depth].extent else {
            levels[depth].extent = length
            return
        }
        guard length == expected else { throw .length(length, expected: expected) }
    }
}

extension ArrayShape.Mistake {
    /// - Parameter indices: where it shows.
    func detail(at indices: [Int]) -> String {
        let (element, first) = (Self.element(at: indices), Self.element(at: indices.map { _ in 0 }))
        return switch self {
        case .list: "\(element) is a list; \(first) is a number"
        case .listAfterEmpty: "\(element) is a list; the first list at its depth is empty"
        case .number: "\(element) is a number; \(first) is a list"
        case .length(let length, let expected): "the list has length \(length), the lists before it \(expected)"
        }
    }

    private static func element(at indices: [Int]) -> String { "element " + indices.map { "[\($0)]" }.joined() }
}
