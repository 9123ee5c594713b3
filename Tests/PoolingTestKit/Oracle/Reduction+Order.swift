/// Ops that pick an element, or two, by their order.
extension ReductionInput {
    func largest() -> Int { extreme { $0 > $1 } }
    func smallest() -> Int { extreme { $0 < $1 } }

    /// The first that nothing beats.
    ///
    /// A NaN wins over everything and the last NaN is named, or (`ignore`) it takes no
    /// part unless there is nothing else.
    private func extreme(_ beats: (Double, Double) -> Bool) -> Int {
        let numbers = values.indices.filter { !values[$0].isNaN }
        let lastNaN = values.lastIndex { $0.isNaN }
        if let lastNaN, request.text("nan", "propagate") == "propagate" { return lastNaN }
        guard var best = numbers.first else { return 0 }
        for index in numbers where beats(values[index], values[best]) { best = index }
        return best
    }

    func lowerMedian() -> Int {
        if let notANumber = values.firstIndex(where: \.isNaN) { return notANumber }
        let middle = values.sorted()[(values.count - 1) / 2]
        return values.firstIndex(of: middle) ?? 0
    }

    func quantile() -> Reduction {
        if values.contains(where: \.isNaN) {
            return Reduction(.nan, gradient: values.map { _ in .nan }, scale: 0)
        }
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let position = (request.real("q") ?? 0.5) * (count - 1)
        let low = Int(position.rounded(.down))
        let high = Int(position.rounded(.up))
        let share = upperShare(position)
        let (a, b) = (values[order[low]], values[order[high]])
        var gradient = values.map { _ in 0.0 }
        gradient[order[low]] += 1 - share
        gradient[order[high]] += share
        let value = share == 0 ? a : share == 1 ? b : a * (1 - share) + b * share
        return Reduction(value, gradient: gradient, scale: share == 0 || share == 1 ? 0 : a.magnitude + b.magnitude)
    }

    /// How much of the upper neighbour goes into the quantile at `position`.
    private func upperShare(_ position: Double) -> Double {
        let fraction = position - position.rounded(.down)
        return switch request.text("interpolation", "linear") {
        case "lower": 0
        case "higher": fraction > 0 ? 1 : 0
        case "midpoint": fraction > 0 ? 0.5 : 0
        case "nearest": position.rounded(.toNearestOrEven) > position.rounded(.down) ? 1 : 0
        default: fraction
        }
    }
}
