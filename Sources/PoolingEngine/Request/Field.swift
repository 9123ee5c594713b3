/// A named field, in the order in which it was written.
package struct Field: Hashable, Sendable {
    package let name: String
    package let value: FieldValue

    package init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }
}
