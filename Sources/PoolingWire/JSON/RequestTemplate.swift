#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
package import PoolingEngine

/// A JSON request without the numbers of its only tensor: the text before and behind them, and what that text means.
package final class RequestTemplate: Sendable {
    private let before: [UInt8]
    private let after: [UInt8]
    private let name: TensorName
    /// Of the numbers.
    private let elementType: ElementType
    /// How many numbers there were, for the first guess.
    private let usualCount: Int
    /// The request without a tensor.
    private let request: PoolingRequest
    /// In which the response is written.
    package let form: TensorForm

    /// - Parameter value: the range of the numbers in `body`.
    init(
        _ body: UnsafeBufferPointer<UInt8>, around value: Range<Int>, of name: TensorName, _ elementType: ElementType,
        _ decoded: JSONCodec.Decoded
    ) {
        before = Array(body[..<value.lowerBound])
        after = Array(body[value.upperBound...])
        self.name = name
        self.elementType = elementType
        usualCount = decoded.request.tensors[name]?.count ?? 0
        var request = decoded.request
        request.tensors = [:]
        self.request = request
        form = decoded.form
    }

    /// Whether `body` is this text with something between.
    func surrounds(_ body: UnsafeRawBufferPointer, of endpoint: PoolingRequest.Endpoint) -> Bool {
        request.endpoint == endpoint && body.count > before.count + after.count
            && body.starts(with: before, at: 0) && body.starts(with: after, at: body.count - after.count)
    }

    /// Reads a body that the template surrounds.
    ///
    /// - Returns: nil where what is between is anything but numbers of the template's type.
    func read(_ body: UnsafeRawBufferPointer, in workspace: Workspace) -> JSONCodec.Decoded? {
        var reader = JSONReader(body, in: workspace)
        reader.position = before.count
        // The numbers are in the document's object.
        reader.depth = 1
        guard let (shape, storage) = try? reader.takeElements(of: elementType, expectedCount: usualCount),
            reader.rejection == nil, reader.position == body.count - after.count
        else { return nil }
        return decoded(Tensor(elementType: elementType, shape: shape, storage: storage))
    }

    var textByteCount: Int { before.count + after.count }

    /// Takes a value that the template surrounds.
    ///
    /// - Parameter usual: the kind of tensor that it likely has.
    /// - Returns: its tensor; nil where it is anything else, and nothing is taken.
    func take(from reader: inout JSONReader, usual: UsualTensor?) -> Tensor? {
        let bytes = UnsafeRawBufferPointer(reader.bytes)
        guard bytes.count - reader.position > textByteCount, bytes.starts(with: before, at: reader.position) else {
            return nil
        }
        var end = reader.position + before.count
        guard
            let tensor = usual?.take(from: reader.bytes, at: &end, reader.powers) ?? takeAny(from: reader, at: &end),
            bytes.count - end >= after.count, bytes.starts(with: after, at: end)
        else { return nil }
        reader.position = end + after.count
        return tensor
    }

    private func takeAny(from reader: JSONReader, at position: inout Int) -> Tensor? {
        var value = reader.entry(at: position)
        // The numbers are in the entry's object.
        value.depth += 1
        guard let (shape, storage) = try? value.takeElements(of: elementType, expectedCount: usualCount),
            value.rejection == nil
        else { return nil }
        position = value.position
        return Tensor(elementType: elementType, shape: shape, storage: storage)
    }

    /// The whole request, with `tensor` as its only one.
    package func decoded(_ tensor: Tensor) -> JSONCodec.Decoded {
        var request = request
        request.tensors = [name: tensor]
        return JSONCodec.Decoded(request: request, form: form)
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
