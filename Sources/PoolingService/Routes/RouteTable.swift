/// Every route of the service; a new one is a line here.
package enum RouteTable {
    package static let api: [Route] =
        TensorHandler.routes + InferenceHandler.routes + OpenInferenceRoutes.all + [
            ShapeHandler.route,
            BatchHandler.route,
            OperationsRoute.route,
            OpenAPIRoutes.yaml,
            OpenAPIRoutes.json,
            PageRoutes.playground,
            PageRoutes.docs,
        ]

    /// What the two pages load, and another address of one; no part of the API, so `openapi.yaml` is silent about it.
    package static let pageFiles = [PageRoutes.file, PageRoutes.docsFolder]

    package static let probes = [HealthRoutes.live, HealthRoutes.ready]
    package static let metrics = [MetricsRoute.route]
    package static let openMetrics = [MetricsRoute.openRoute]

    package static let all = api + probes + metrics
}
