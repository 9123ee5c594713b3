/// `POST /v1/shape`: what a layer, or a stack of layers, would do to a shape; no tensor is involved.
package enum ShapeQuery {
    /// - Parameter elementType: the request's `dtype`, for the byte counts.
    /// - Returns: the members of the answer, in order.
    package static func answer(_ fields: [Field], elementType: ElementType?) throws(PoolingRefusal) -> [Field] {
        throw PoolingRefusal(.unknownOp, at: "op", "nothing is implemented yet")
    }
}
