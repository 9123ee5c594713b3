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
