#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import PoolingEngine
import RecycledMemory
import Synchronization

/// A JSON request without the numbers of its only tensor: the text before and behind them, what that text means, and its
/// plan.
package final class RequestTemplate: Sendable {
    private let before: [UInt8]
    private let after: [UInt8]
    private let name: TensorName
    /// Of the numbers.
    private let elementType: ElementType
    /// How many numbers there were, for the first guess.
    private let usualCount: Int
    /// The shape that is likely to come again; nil for lone numbers, lists without numbers, and tensors whose memory
    /// somebody counts.
    private let usualShape: [Int]?
    /// Whether tensors of another shape came, which would be read twice.
    private let isVaried = Atomic(false)
    /// The request without a tensor.
    private let request: PoolingRequest
    /// In which the response is written.
    let form: TensorForm
    /// For tensors of the kind that came last.
    private let lastPlan = Mutex<PoolingPlan?>(nil)

    /// - Parameter value: the range of the numbers in `body`.
    init(
        _ body: UnsafeBufferPointer<UInt8>, around value: Range<Int>, of name: TensorName, _ tensor: Tensor,
        _ request: PoolingRequest, form: TensorForm
    ) {
        before = Array(body[..<value.lowerBound])
        after = Array(body[value.upperBound...])
        self.name = name
        elementType = tensor.elementType
        usualCount = tensor.count
        let isCounted = tensor.byteCount >= MemoryRecycler.smallestByteCount
        usualShape = tensor.shape.isEmpty || tensor.count == 0 || isCounted ? nil : tensor.shape
        var request = request
        request.tensors = [:]
        self.request = request
        self.form = form
    }

    var textByteCount: Int { before.count + after.count }

    /// Whether `body` is this text with something between.
    func surrounds(_ body: UnsafeRawBufferPointer, of endpoint: PoolingRequest.Endpoint) -> Bool {
        request.endpoint == endpoint && body.count > textByteCount
            && body.starts(with: before, at: 0) && body.starts(with: after, at: body.count - after.count)
    }

    /// Takes a value that the template surrounds.
    ///
    /// - Returns: the request; nil where what is between is anything but numbers of the template's type, and nothing is
    ///   taken.
    func take(from reader: inout JSONReader) -> DecodedRequest? {
        let bytes = UnsafeRawBufferPointer(reader.bytes)
        guard bytes.count - reader.position > textByteCount, bytes.starts(with: before, at: reader.position) else {
            return nil
        }
        var end = reader.position + before.count
        guard let tensor = takeUsual(from: reader, at: &end) ?? takeAny(from: reader, at: &end),
            bytes.count - end >= after.count, bytes.starts(with: after, at: end)
        else { return nil }
        reader.position = end + after.count
        return DecodedRequest(repeating: self, with: tensor)
    }

    private func takeUsual(from reader: JSONReader, at position: inout Int) -> Tensor? {
        guard let usualShape, !isVaried.load(ordering: .relaxed) else { return nil }
        let storage = elementType.json.takeTensor(usualShape, from: reader.bytes, at: &position, reader.powers)
        return storage.map { Tensor(elementType: elementType, shape: usualShape, storage: $0) }
    }

    private func takeAny(from reader: JSONReader, at position: inout Int) -> Tensor? {
        var value = reader.entry(at: position)
        // The numbers are in the request's object.
        value.depth += 1
        guard let (shape, storage) = try? value.takeElements(of: elementType, expectedCount: usualCount),
            value.rejection == nil
        else { return nil }
        position = value.position
        let tensor = Tensor(elementType: elementType, shape: shape, storage: storage)
        if let usualShape, shape != usualShape { isVaried.store(true, ordering: .relaxed) }
        return tensor
    }

    /// The whole request, with `tensor` as its only one.
    func request(with tensor: Tensor) -> PoolingRequest {
        var request = request
        request.tensors = [name: tensor]
        return request
    }

    /// The plan of the request with `tensor`; nil where the last plan was for another kind of tensor.
    func plan(on tensor: Tensor) -> PoolingPlan? {
        lastPlan.withLock { $0 }.flatMap { $0.fits(tensor) ? $0 : nil }
    }

    /// Remembers a plan of the request, unless it takes much memory.
    func keep(_ plan: PoolingPlan) {
        guard plan.isSmall else { return }
        lastPlan.withLock { $0 = plan }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether `text` is at `offset`, where at least as many bytes are left.
    fileprivate func starts(with text: [UInt8], at offset: Int) -> Bool {
        text.withUnsafeBytes { text in
            guard let mine = baseAddress, let other = text.baseAddress else { return text.isEmpty }
            return memcmp(mine + offset, other, text.count) == 0
        }
    }
}
