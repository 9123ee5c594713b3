/// How the position of an input element is numbered as an index, and read back.
struct IndexScheme: Sendable {
    let base: IndexBase
    let order: IndexOrder
    /// The axes that a number counts, the fastest first: extent, step in the number, step in elements of the input.
    private let digits: [Digit]
    /// Divisions that reading a number takes.
    var digitCount: Int { digits.count }
    /// Numbers that exist.
    let count: Int
    /// How far one step along each axis of the input moves the number.
    let numberSteps: [Int]
    /// The axis of the input that `sample` leaves out, as extent and step in elements.
    private let batch: Digit?

    private struct Digit: Sendable {
        let extent: Int
        let number: Int
        let element: Int
    }

    /// - Parameters:
    ///   - axes: the pooled axes, in window order.
    ///   - batchAxis: the axis that numbers samples; nil where the whole tensor is one sample.
    init(base: IndexBase, order: IndexOrder, shape: [Int], axes: [Int], batchAxis: Int?) {
        self.base = base
        self.order = order
        let strides = shape.rowMajorStrides
        let counted: [Int]
        switch base {
        case .plane: counted = axes
        case .tensor: counted = Array(shape.indices)
        case .sample: counted = shape.indices.filter { $0 != batchAxis }
        case .window: counted = []
        }
        var slowestFirst = counted
        if order == .columnMajor {
            let reversed = Dictionary(uniqueKeysWithValues: zip(axes, axes.reversed()))
            slowestFirst = counted.map { reversed[$0] ?? $0 }
        }
        var number = 1
        var digits: [Digit] = []
        for axis in slowestFirst.reversed() {
            digits.append(Digit(extent: shape[axis], number: number, element: strides[axis]))
            number = number.multipliedSaturating(by: shape[axis])
        }
        self.digits = digits
        count = number
        batch = base == .sample ? batchAxis.map { Digit(extent: shape[$0], number: 0, element: strides[$0]) } : nil
        numberSteps = shape.indices.map { axis in
            slowestFirst.lastIndex(of: axis).map { digits[slowestFirst.count - 1 - $0].number } ?? 0
        }
    }

    /// The input element that `number` names, within the sample or plane of the element `anchor`.
    ///
    /// - Parameter anchor: for `plane`, the first element of the plane; for `sample`, any element of the sample.
    /// - Precondition: `number` is in `0..<count`.
    @inline(__always)
    func element(_ number: Int, anchor: Int) -> Int {
        var element = 0
        var rest = number
        for digit in digits {
            element &+= rest % digit.extent &* digit.element
            rest /= digit.extent
        }
        switch base {
        case .plane: return anchor &+ element
        case .sample: return element &+ (batch.map { anchor / $0.element % $0.extent &* $0.element } ?? 0)
        case .tensor, .window: return element
        }
    }
}

extension [Int] {
    /// Steps of a row-major array of this shape; they saturate.
    var rowMajorStrides: [Int] {
        var strides = [Int](repeating: 1, count: count)
        for axis in indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1].multipliedSaturating(by: self[axis + 1])
        }
        return strides
    }

    /// The product of all extents; nil where it overflows or an extent is negative.
    package var checkedProduct: Int? {
        // Zero extents make the product 0 whatever the others are, but the others must still be sound.
        var product = 1
        for extent in self where extent != 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            if overflow || extent < 0 { return nil }
            product = next
        }
        return contains(0) ? 0 : product
    }
}
