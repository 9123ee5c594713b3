import ArgumentParser
import PoolingEngine
import PoolingTestKit

/// What of a layer is computed.
enum Direction: String, CaseIterable, Codable, ExpressibleByArgument {
    case forward
    /// With the indices; for max layers alone.
    case forwardIndices = "forward_indices"
    /// From the indices for max layers, from the input's shape for the others.
    case backward
}

/// Where the channels are.
enum Layout: String, CaseIterable, Codable, ExpressibleByArgument {
    case channelsFirst = "channels_first"
    case channelsLast = "channels_last"
}

/// One layer in one direction, ready to run.
struct LayerCase {
    let layer: LayerDescription
    let direction: Direction
    let layout: Layout
    private let request: PoolingRequest
    /// Bytes of all tensors, in and out, each counted once.
    let byteCount: Int
    /// The technique that the engine has chosen.
    let kernel: String

    init(
        _ layer: LayerDescription, _ direction: Direction, _ layout: Layout, _ elementType: ElementType,
        _ normals: RandomNormals
    ) throws {
        self.layer = layer
        self.direction = direction
        self.layout = layout
        let forward = Self.forward(layer, direction, layout, elementType, normals)
        request = direction == .backward ? try Self.backward(layer, layout, forward, normals) : forward
        let plan = try PoolingPlan(request, limits: .measured)
        kernel = plan.kernel
        byteCount = request.tensors.values.reduce(plan.cost.resultByteCount) { $0 + $1.byteCount }
    }

    /// Does what a caller does: has the request checked, and the result computed and thrown away.
    func run(on workers: EngineWorkers) throws {
        try workers.run(request)
    }

    private static func forward(
        _ layer: LayerDescription, _ direction: Direction, _ layout: Layout, _ elementType: ElementType,
        _ normals: RandomNormals
    ) -> PoolingRequest {
        let fields: Fields = [
            "kernel": .wholes(layer.kernel), "stride": .wholes(layer.stride),
            "padding": .list(layer.padding.map(FieldValue.wholes)), "layout": .string(layout.rawValue),
        ]
        let request = PoolingTestKit.request(
            layer.op, fields, input: normals.tensor(layer.shape(layer.input, layout), elementType))
        let hasIndices = layer.hasIndices && direction != .forward
        return hasIndices ? request.with("return_indices", true) : request
    }

    private static func backward(
        _ layer: LayerDescription, _ layout: Layout, _ forward: PoolingRequest, _ normals: RandomNormals
    ) throws -> PoolingRequest {
        let type = forward.elementType ?? .float32
        let gradOutput = normals.tensor(layer.shape(layer.output, layout), type)
        if layer.hasIndices {
            let result = try PoolingPlan(forward, limits: .measured).execute(Operands(forward))
            guard let indices = result[.indices] else { throw MissingIndices(layer: layer.name) }
            return forward.backward(gradOutput, indices: indices)
        }
        let inputShape = FieldValue.wholes(layer.shape(layer.input, layout))
        return forward.backward(gradOutput).without(.input).with("input_shape", inputShape)
    }
}

/// A max layer whose result has no indices to compute its gradient from.
struct MissingIndices: Error {
    let layer: String
}

extension LayerDescription {
    fileprivate func shape(_ spatial: [Int], _ layout: Layout) -> [Int] {
        switch layout {
        case .channelsFirst: [batch, channels] + spatial
        case .channelsLast: [batch] + spatial + [channels]
        }
    }

    /// The same layer with a smaller batch, where the memory or the time for the whole is missing.
    func dividingBatch(by divisor: Int) -> LayerDescription {
        LayerDescription(
            name: name, op: op, batch: max(batch / max(divisor, 1), 1), channels: channels, input: input,
            kernel: kernel, stride: stride, padding: padding, output: output)
    }
}
