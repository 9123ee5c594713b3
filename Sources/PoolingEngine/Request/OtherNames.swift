/// What other frameworks call something: letters and digits in lower case, each with what has to be said with the name of
/// this service, if anything.
struct OtherNames: Sendable, ExpressibleByArrayLiteral {
    private(set) var notes: [(name: String, note: String)]

    init(_ names: [String]) { notes = names.map { ($0, "") } }

    init(arrayLiteral names: String...) { self.init(names) }

    /// These names, and `names` with a note, such as `with the opposite value`.
    func with(_ note: String, _ names: [String]) -> OtherNames {
        var more = self
        more.notes += names.map { ($0, note) }
        return more
    }
}
