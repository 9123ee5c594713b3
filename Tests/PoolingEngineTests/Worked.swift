import PoolingEngine
import PoolingTestKit

/// The 4×4 map 1…16 of the worked examples.
let sixteen = Tensor((1...16).map(Double.init), shape: [4, 4])

/// A row of numbers.
func row(_ values: [Double], _ type: ElementType = .float64) -> Tensor {
    Tensor(values, shape: [values.count], type)
}

/// The output of pooling one row as one window.
func pooled(_ op: String, _ values: [Double], _ fields: Fields = [:], _ type: ElementType = .float64) throws -> Double {
    try worked(op, [Field("region", "global")] + [Field](fields), row(values, type)).realElements[0]
}

/// The output of `op` over `input`.
func worked(_ op: String, _ fields: [Field], _ input: Tensor) throws -> Tensor {
    try asked(op, fields, input).result(.output)
}

/// The gradient of each element of a row pooled as one window, for a gradient of 1.
func slopes(_ op: String, _ values: [Double], _ fields: Fields = [:]) throws -> [Double] {
    let forward = asked(op, [Field("region", "global")] + [Field](fields), row(values))
    return try forward.backward(row([1])).result(.gradInput).realElements
}

/// The element that the mask names for a row pooled as one window.
func selected(_ op: String, _ values: [Double], _ fields: Fields = [:]) throws -> Int64 {
    let forward = asked(op, [Field("region", "global"), Field("return_indices", true)] + [Field](fields), row(values))
    return try forward.result(.indices).wholeElements[0]
}

private func asked(_ op: String, _ fields: [Field], _ input: Tensor) -> PoolingRequest {
    PoolingRequest(
        endpoint: .forward, elementType: input.elementType, fields: [Field("op", .string(op))] + fields,
        tensors: [.input: input])
}

/// Whether `got` is `want` to twelve digits.
func isClose(_ got: [Double], _ want: [Double]) -> Bool {
    got.count == want.count && zip(got, want).allSatisfy { ($0 - $1).magnitude <= 1e-12 * max(1, $1.magnitude) }
}

func isClose(_ got: Double, _ want: Double) -> Bool { isClose([got], [want]) }
