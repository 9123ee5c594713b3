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
