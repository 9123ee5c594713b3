/// The names of an object's members so far.
struct MemberNames {
    /// More members than this are rejected, so that a hostile body cannot fill the memory with names.
    static let limit = 100_000
    /// Up to this many, comparing is faster than hashing.
    private static let listLimit = 16
    private static let usualCount = 8

    enum Insertion { case new, duplicate, full }

    private var list: [String] = []
    private var set: Set<String> = []

    mutating func insert(_ name: String) -> Insertion {
        if list.count < Self.listLimit {
            guard !list.contains(name) else { return .duplicate }
            if list.isEmpty { list.reserveCapacity(Self.usualCount) }
            list.append(name)
            return .new
        }
        if set.isEmpty { set = Set(list) }
        guard set.count < Self.limit else { return set.contains(name) ? .duplicate : .full }
        return set.insert(name).inserted ? .new : .duplicate
    }
}
