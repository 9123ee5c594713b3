/// One level of the loop over planes: how far the same position of the next plane lies, in each array.
struct PlaneLevel: Sendable, Equatable {
    var count: Int
    var input: Int
    var output: Int
    /// In the numbers of indices: 0 along an axis that the index base leaves out.
    var index: Int
    /// In the numbers of channels, or of what else an op treats differently: 1 along that axis.
    var channel: Int
    /// In the entries of a mask: 0 along an axis whose elements share them.
    var mask = 0

    /// Whether `inner` can be folded into this level, because every array is evenly spaced across both.
    func continues(into inner: PlaneLevel) -> Bool {
        input == inner.input * inner.count && output == inner.output * inner.count
            && index == inner.index * inner.count && channel == inner.channel * inner.count
            && mask == inner.mask * inner.count
    }
}
