package import PoolingEngine

/// A request on tensors out of any wire format, and what it says about its response.
package struct DecodedRequest: Sendable {
    private enum Content: Sendable {
        case whole(PoolingRequest)
        /// Differs from the request of the template in the elements of its only tensor, and perhaps in their number.
        case repeated(RequestTemplate, Tensor)
    }

    private let content: Content
    /// Remembers the plan for requests to come; nil where the format has no templates, or this request none.
    private let template: RequestTemplate?
    /// The request's `response_form`.
    package let form: TensorForm
    /// What an inference request says about its response.
    package var responseOptions = OpenInferenceResponseOptions.none
    /// How long the client waits, where the body says so.
    package var timeoutMicroseconds: Int?

    package init(_ request: PoolingRequest, form: TensorForm?, template: RequestTemplate? = nil) {
        content = .whole(request)
        self.form = form ?? .nested
        self.template = template
    }

    init(repeating template: RequestTemplate, with tensor: Tensor) {
        content = .repeated(template, tensor)
        form = template.form
        self.template = template
    }

    package var request: PoolingRequest {
        switch content {
        case .whole(let request): request
        case .repeated(let template, let tensor): template.request(with: tensor)
        }
    }

    /// Bytes of its tensors, those of entries of `ops` and `layers` included.
    package var tensorByteCount: Int {
        switch content {
        case .whole(let request):
            request.nested.values.reduce(request.tensors.values.reduce(0) { $0 + $1.byteCount }) { $0 + $1.byteCount }
        case .repeated(_, let tensor): tensor.byteCount
        }
    }

    /// Checks the fields, unless the template knows the plan.
    package func plan(
        by plans: PlanCache, limits: PoolingPlan.Limits, cancellation: Cancellation? = nil
    ) throws(PoolingError) -> (plan: PoolingPlan, operands: Operands) {
        if case .repeated(let template, let tensor) = content, let plan = template.plan(on: tensor) {
            return (plan, Operands(main: tensor))
        }
        let request = request
        let plan = try plans.plan(request, limits: limits, cancellation: cancellation)
        template?.keep(plan)
        return (plan, try Operands(request))
    }
}
