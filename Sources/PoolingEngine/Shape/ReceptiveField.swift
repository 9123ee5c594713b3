/// Which input positions one output depends on, along each dimension.
struct ReceptiveField: Sendable {
    /// Input positions from the first to the last that an output depends on.
    var size: [Int]
    /// Input positions from output to output.
    var jump: [Int]
    /// The centre of the first output, the first input element at 0.
    var start: [Double]

    var fields: [Field] {
        [
            Field("receptive_field", .integers(size)),
            Field("jump", .integers(jump)),
            Field("start", .list(start.map { .number(FieldNumber(value: $0, whole: Int128(exactly: $0))) })),
        ]
    }

    /// The field of the last layer's outputs in the first layer's input; nil where a layer has none.
    static func stacked(_ layers: [ReceptiveField?]) -> ReceptiveField? {
        guard var whole = layers.first ?? nil else { return nil }
        for layer in layers.dropFirst() {
            guard let layer, layer.size.count == whole.size.count else { return nil }
            for axis in whole.size.indices {
                let reach = (layer.size[axis] - 1).multipliedSaturating(by: whole.jump[axis])
                whole.size[axis] = whole.size[axis].addingSaturating(reach)
                whole.start[axis] += layer.start[axis] * Double(whole.jump[axis])
                whole.jump[axis] = whole.jump[axis].multipliedSaturating(by: layer.jump[axis])
            }
        }
        return whole
    }
}
