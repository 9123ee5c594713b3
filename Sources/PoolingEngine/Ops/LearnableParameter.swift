/// A number that shapes an op, the same for all channels or one per channel, and that can be learned.
struct LearnableParameter: Sendable {
    let name: String
    /// One number, or one per channel.
    let values: [Double]
    /// Whether the request gives a list, so that each number is that of a channel.
    let isList: Bool

    /// The number of the first channel.
    var first: Double { values.first ?? .nan }

    static func one(_ name: String, _ value: Double) -> LearnableParameter {
        LearnableParameter(name: name, values: [value], isList: false)
    }
}

/// An op with a parameter whose derivative a gradient can include.
protocol LearnableOp: PoolingOp {
    var parameter: LearnableParameter { get set }

    /// Why the derivative does not exist for these parameters; nil where it does.
    var parameterObstacle: String? { get }

    /// The derivative of a window's value with respect to the parameter, of which the op has one value.
    ///
    /// Windows whose value is not finite have the derivative 0.
    func parameterDerivative(_ cells: CellValues) -> Double
}

extension LearnableOp {
    var learnable: (any LearnableOp)? { self }
    var variation: PlaneVariation { parameter.isList ? .channel : .none }
    var parameterObstacle: String? { nil }

    /// The same op for one channel.
    func with(_ value: Double) -> any PoolingOp {
        var op = self
        op.parameter = .one(parameter.name, value)
        return op
    }
}

/// The cells of one window in order, in double precision; at least one.
struct CellValues {
    let count: Int
    fileprivate let cell: (Int) -> Double

    subscript(index: Int) -> Double { cell(index) }

    /// Σ of `term` over all cells.
    func sum(_ term: (Double) -> Double) -> Double {
        var sum = 0.0
        for index in 0..<count { sum += term(cell(index)) }
        return sum
    }

    func largest(_ term: (Double) -> Double) -> Double {
        var largest = -Double.infinity
        for index in 0..<count { largest = max(largest, term(cell(index))) }
        return largest
    }
}

extension WindowTile where Element: RealElement {
    func cells(ofLane lane: Int) -> CellValues { CellValues(count: tapCount) { self[$0, lane].double } }
}

extension FieldReader {
    /// A number, or a list with one per channel, each of which `accepts` lets pass.
    mutating func takeLearnable(
        _ name: String, default standard: Double, _ rule: String, infinity: Bool = false,
        _ accepts: (Double) -> Bool
    ) throws(PoolingError) -> LearnableParameter {
        guard let value = take(name) else { return .one(name, standard) }
        guard case .list(let entries) = value else {
            return .one(name, try number(value, at: name, rule, infinity: infinity, accepts))
        }
        guard !entries.isEmpty else {
            throw rejection(.wrongLength, at: name, "'\(name)' is an empty list; give one number per channel")
        }
        var values: [Double] = []
        for (index, entry) in entries.enumerated() {
            values.append(try number(entry, at: "\(name)/\(index)", rule, infinity: infinity, accepts))
        }
        return LearnableParameter(name: name, values: values, isList: true)
    }

    private func number(
        _ value: FieldValue, at name: String, _ rule: String, infinity: Bool, _ accepts: (Double) -> Bool
    ) throws(PoolingError) -> Double {
        switch value {
        case .string("Infinity") where infinity: return .infinity
        case .number(let number):
            guard number.value.isFinite, accepts(number.value) else { throw outOfRange(number.text, at: name, rule) }
            return number.value
        default:
            throw mismatch(
                value, at: name,
                expected: infinity ? "a number, \"Infinity\", or a list of them" : "a number, or a list of them")
        }
    }

    /// Rejects a list that does not have one number per channel.
    func require(_ parameter: LearnableParameter, _ channels: Int?) throws(PoolingError) {
        guard parameter.isList else { return }
        guard let channels else {
            throw rejection(
                .unsupportedCombination, at: parameter.name,
                "'\(parameter.name)' has one number per channel, and the input has no channel axis")
        }
        guard parameter.values.count == channels else {
            throw rejection(
                .wrongLength, at: parameter.name,
                "'\(parameter.name)' has \(parameter.values.count) numbers; it must have \(channels), one per channel")
        }
    }
}

/// Σ u^p and Σ u^p·ln u over the scaled magnitudes of a window, from which means and norms have their derivatives in p.
struct PowerSums {
    private let p: Double
    private var powers = 0.0
    private var logarithms = 0.0

    /// - Parameter scaled: the magnitude of a cell over the scale of its window; 0·ln 0 counts as 0.
    init(_ cells: CellValues, _ p: Double, _ scaled: (Double) -> Double) {
        self.p = p
        for index in 0..<cells.count {
            let magnitude = scaled(cells[index])
            guard magnitude > 0 else { continue }
            let power = Libm.pow(magnitude, p)
            powers += power
            logarithms += power * Libm.log(magnitude)
        }
    }

    /// The derivative of scale·(Σ u^p/count)^(1/p) in p.
    func derivative(scale: Double, count: Double) -> Double {
        let mean = powers / count
        let value = scale * Libm.pow(mean, 1 / p)
        let derivative = value * (logarithms / (p * powers) - Libm.log(mean) / (p * p))
        return derivative.isFinite ? derivative : 0
    }
}

/// The gradient of the numbers that an op has for each cell of the kernel (`weights`, `structure`).
struct TableGradient: Sendable {
    /// Adds the derivatives of a tile's windows, times their incoming gradients.
    typealias Step<Element: PoolingElement> =
        @Sendable (WindowTile<Element>, WindowScratch<Element>, UnsafeMutableBufferPointer<Double>) -> Void

    let name: PoolingResult.Name
    let shape: [Int]
    let float: Step<Float>
    let double: Step<Double>
}
