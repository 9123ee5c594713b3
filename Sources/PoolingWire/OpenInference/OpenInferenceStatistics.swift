package import PoolingEngine

/// What `GET /v2/models/{model}/stats` tells of one model.
package struct OpenInferenceStatistics: Sendable {
    /// How often something happened, and how long it took in all.
    package struct Duration: Sendable {
        package var count: Int
        package var nanoseconds: Int

        package init(count: Int = 0, nanoseconds: Int = 0) {
            self.count = count
            self.nanoseconds = nanoseconds
        }
    }

    package var model: PoolingRequest.Endpoint
    /// Milliseconds since 1970; 0 where nothing was asked yet.
    package var lastInferenceMilliseconds = 0
    package var success = Duration()
    package var fail = Duration()
    package var queue = Duration()
    package var parse = Duration()
    package var compute = Duration()
    package var serialize = Duration()

    package init(model: PoolingRequest.Endpoint) {
        self.model = model
    }

    /// The document for `models`.
    package static func document(_ models: [OpenInferenceStatistics]) -> [Field] {
        [Field("model_stats", .list(models.map { .object($0.fields) }))]
    }

    private var fields: [Field] {
        [
            Field("name", .string(model.rawValue)),
            Field("version", .string(OpenInferenceMetadata.modelVersion)),
            Field("last_inference", .number(FieldNumber(lastInferenceMilliseconds))),
            Field("inference_count", .number(FieldNumber(success.count))),
            Field("execution_count", .number(FieldNumber(success.count))),
            Field(
                "inference_stats",
                .object([
                    success.field("success"), fail.field("fail"), queue.field("queue"), parse.field("compute_input"),
                    compute.field("compute_infer"), serialize.field("compute_output"),
                ])),
            Field("batch_stats", .list([])),
        ]
    }
}

extension OpenInferenceStatistics.Duration {
    fileprivate func field(_ name: String) -> Field {
        Field(
            name,
            .object([Field("count", .number(FieldNumber(count))), Field("ns", .number(FieldNumber(nanoseconds)))]))
    }
}
