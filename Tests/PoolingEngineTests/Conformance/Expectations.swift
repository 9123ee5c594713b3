import PoolingTestKit

@testable import PoolingEngine

/// What is wrong with the engine's result to `request`, in the oracle's eyes; nil where they agree.
///
/// - Parameter other: an oracle of the same layer, which spares listing its windows again.
func disagreement(_ request: PoolingRequest, _ op: NamedOp, windowsOf other: Oracle? = nil) throws -> String? {
    let oracle = try Oracle(request, windowsOf: other)
    let result: PoolingResult
    do {
        result = try request.run()
    } catch {
        return "rejected: \(error.reason) at \(error.field): \(error.detail)"
    }
    guard let output = result[.output] else { return "no output" }
    if output.elementType.isInteger {
        let want = try oracle.wholeOutput()
        if output.shape != oracle.outputShape { return "shape \(output.shape), expected \(oracle.outputShape)" }
        if output.wholeElements != want { return "got \(output.wholeElements), expected \(want)" }
    } else {
        let isExact = op.selects && !isSampled(request)
        let terms = oracle.longestWindow
        if let difference = Agreement.difference(output, try oracle.output(), terms: terms, isExact: isExact) {
            return difference
        }
    }
    guard request.fields.contains(Field("return_indices", true)) else { return nil }
    guard let indices = result[.indices] else { return "no indices" }
    let want = try oracle.indices()
    return indices.wholeElements == want ? nil : "indices \(indices.wholeElements), expected \(want)"
}

private func isSampled(_ request: PoolingRequest) -> Bool {
    guard case .string(let name) = request.fields.first(where: { $0.name == "region" })?.value else { return false }
    return CatalogRegion.named(name).isSampled
}

/// The same for the gradients; `request` is a backward request.
func gradientDisagreement(_ request: PoolingRequest, windowsOf other: Oracle? = nil) throws -> String? {
    let oracle = try Oracle(request, windowsOf: other)
    guard let gradOutput = request.tensors[.gradOutput] else { return "no grad_output" }
    let result: PoolingResult
    do {
        result = try request.run()
    } catch {
        return "rejected: \(error.reason) at \(error.field): \(error.detail)"
    }
    guard let gradInput = result[.gradInput] else { return "no grad_input" }
    // Each element adds up at most one share of every window, and each share has its own roundings.
    let terms = 2 * oracle.longestWindow + oracle.windowCount
    let want = try oracle.gradInput(gradOutput.realElements)
    if let difference = Agreement.difference(gradInput, want, terms: terms) { return "grad_input \(difference)" }
    guard request.tensors[.weights] != nil, request.tensors[.input] != nil else { return nil }
    guard let gradWeights = result[.gradWeights] else { return "no grad_weights" }
    let wantWeights = try oracle.gradWeights(gradOutput.realElements)
    return Agreement.difference(gradWeights, wantWeights, terms: terms).map { "grad_weights \($0)" }
}

extension PoolingRequest {
    /// The numbers of slices whose result has other bits than that of one.
    func slicesThatDiffer(of counts: [Int] = [2, 5]) throws -> [Int] {
        let whole = try run()
        return try counts.filter { try !run(slices: $0).hasSameBits(as: whole) }
    }

    /// A gradient to send back through this forward request.
    func gradOutput(_ type: ElementType, seed: UInt64 = 5) throws -> Tensor {
        ValueCorpus.normal.tensor(shape: try Oracle(self).outputShape, type, seed: seed)
    }
}

extension PoolingResult {
    fileprivate func hasSameBits(as other: PoolingResult) -> Bool {
        tensors.count == other.tensors.count
            && zip(tensors, other.tensors).allSatisfy { $0.tensor.hasSameBits(as: $1.tensor) }
    }
}

extension Tensor {
    /// Whether both have the same bits, where one NaN is as good as another.
    ///
    /// Which of two NaN a sum keeps depends on the order of its operands, which compilers choose for each loop.
    fileprivate func hasSameBits(as other: Tensor) -> Bool {
        if rawBytes == other.rawBytes { return true }
        return elementType.isFloatingPoint && elementType == other.elementType && shape == other.shape
            && zip(realElements, other.realElements).allSatisfy {
                $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
            }
    }
}

extension NamedLayer {
    /// What the layer's region can do.
    var capabilities: RegionCapabilities {
        guard let region = PoolingCatalog.regions.first(where: { $0.descriptor.name == region }) else {
            preconditionFailure("there is no region '\(region)'")
        }
        return region.capabilities
    }

    /// An oracle of this layer, to share its windows among the ops.
    func oracle() throws -> Oracle {
        var request = PoolingRequest(endpoint: .forward, fields: fields, tensors: tensors)
        request.tensors[.input] = Tensor(elementType: .float64, shape: shape, zeroed: true)
        return try Oracle(request)
    }

    func gradOutput(_ oracle: Oracle, _ type: ElementType) -> Tensor {
        ValueCorpus.normal.tensor(shape: oracle.outputShape, type, seed: 5)
    }
}

extension PoolingRequest {
    /// The fields, for a failure's message.
    var brief: String { fields.map { "\($0.name)=\($0.value.brief)" }.joined(separator: " ") }
}

extension NamedOp {
    /// Values that the op can pool and whose result says something.
    var values: ValueCorpus { needs == .positive ? .positive : .normal }
}
