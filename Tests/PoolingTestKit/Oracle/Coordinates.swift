/// Row-major arithmetic on positions, one number at a time.
enum Coordinates {
    static func flat(_ position: [Int], in shape: [Int]) -> Int {
        zip(position, shape).reduce(0) { $0 * $1.1 + $1.0 }
    }

    static func unflat(_ flat: Int, in shape: [Int]) -> [Int] {
        var rest = flat
        var position = shape
        for axis in shape.indices.reversed() {
            position[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        return position
    }

    /// Every position of `shape`, in row-major order.
    static func all(in shape: [Int]) -> [[Int]] {
        let count = shape.reduce(1, *)
        return (0..<count).map { unflat($0, in: shape) }
    }
}
