package import PoolingEngine
import PoolingWire

/// Reads the body of a request: the part of the sequence that differs from endpoint to endpoint.
package protocol WorkHandler: Sendable {
    /// The format of a body.
    func codec(for headers: RequestHeaders, _ pipeline: Pipeline) throws(Failure) -> any TensorCodec

    /// Reads and plans; the body of `message` is no longer packed.
    func read(_ message: Message, by pipeline: Pipeline, in workspace: Workspace) throws(Failure) -> Work

    /// Whether bodies have many requests: nothing is known of these before they are read, so a worker reads them, and the
    /// deadline ends some of them, not all.
    var isBatch: Bool { get }
}

extension WorkHandler {
    package var isBatch: Bool { false }

    /// JSON alone.
    package func codec(for headers: RequestHeaders, _ pipeline: Pipeline) throws(Failure) -> any TensorCodec {
        try JSONTensorCodec.alone.decoder(contentType: headers.contentType)
    }
}
