/// A cell of each lane, and how many of its equals are met before it.
struct EqualCell<Element: RealElement> {
    let cell: Element.Vector
    var before: Element.Vector

    /// Whether these cells, of the next tap, are others.
    @inline(__always)
    mutating func misses(_ cells: Element.Vector) -> Element.Mask {
        let isOther = Element.differ(cells, cell)
        let misses = Element.either(isOther, Element.differ(before, Element.Vector(repeating: 0)))
        before = Element.choose(isOther, Element.sum(before, Element.Vector(repeating: -1)), before)
        return misses
    }
}
