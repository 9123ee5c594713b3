/// The shape of nested lists, found and checked while they are read.
///
/// The first number or empty list says how deep the others must be, and the first list to end at a depth how long.
struct ArrayShape {
    /// The lengths of the lists, outermost first; nil where none has ended yet.
    private var extents: [Int?] = []
    /// For each open list, the index of the current element.
    private(set) var indices: [Int] = []
    private var rank: Int?

    var depth: Int { indices.count }

    /// The shape, once all lists are closed.
    var shape: [Int] { extents.map { $0 ?? 0 } }

    /// Why a list or a number does not fit those before it.
    enum Mistake: Error {
        /// A list stands where numbers should.
        case list
        /// A number stands where lists should.
        case number
        case length(Int, expected: Int)
    }

    mutating func open() throws(Mistake) {
        if let rank, depth == rank { throw .list }
        indices.append(0)
        if extents.count < depth { extents.append(nil) }
    }

    /// A number comes.
    mutating func takeNumber() throws(Mistake) {
        if rank == nil { rank = depth }
        guard depth == rank else { throw .number }
    }

    /// `count` elements of the innermost list have gone by.
    @inline(__always)
    mutating func advance(by count: Int) {
        indices[indices.count - 1] += count
    }

    mutating func close(isEmpty: Bool) throws(Mistake) {
        if rank == nil { rank = depth }
        let length = (indices.popLast() ?? 0) + (isEmpty ? 0 : 1)
        guard let expected = extents[depth] else {
            extents[depth] = length
            return
        }
        guard length == expected else { throw .length(length, expected: expected) }
    }
}

extension ArrayShape.Mistake {
    var detail: String {
        switch self {
        case .list: "a list stands where the values before it are numbers"
        case .number: "a number stands where the values before it are lists"
        case .length(let length, let expected): "a list has the length \(length), those before it \(expected)"
        }
    }
}
