import PoolingEngine
import RecycledMemory
import Synchronization

extension JSONWriter {
    /// Writes a result, and the results of its parts.
    mutating func append(_ result: PoolingResult, form: TensorForm) {
        append(UInt8(ascii: "{"))
        var isFirst = true
        if let operation = result.operation {
            append(member: "\"op\":", &isFirst)
            append(operation)
        }
        if let shape = result.outputShape, result.tensors.first?.name != .output {
            append(member: "\"output_shape\":", &isFirst)
            append(shape)
        }
        for named in result.tensors {
            append(member: named.name.member, &isFirst)
            if let member = named.member {
                append(UInt8(ascii: "{"))
                append(name: member)
                append(named.tensor, form: .nested)
                append(UInt8(ascii: "}"))
            } else {
                append(named.tensor, form: form)
            }
            if named.name == .output {
                append(member: "\"output_shape\":", &isFirst)
                append(named.tensor.shape)
            }
        }
        if let indexBase = result.indexBase {
            append(member: "\"index_base\":", &isFirst)
            append(indexBase)
        }
        if let parts = result.parts {
            append(member: parts.name.member, &isFirst)
            append(UInt8(ascii: "["))
            for (position, part) in parts.results.enumerated() {
                if position > 0 { append(UInt8(ascii: ",")) }
                append(part, form: form)
            }
            append(UInt8(ascii: "]"))
        }
        append(UInt8(ascii: "}"))
    }

    /// Appends a name with its colon; escaping a short name takes longer than writing a small tensor.
    private mutating func append(member name: StaticString, _ isFirst: inout Bool) {
        if !isFirst { append(UInt8(ascii: ",")) }
        isFirst = false
        append(literal: name)
    }

    /// Writes a tensor in `form`; a nested one must be one that lists can hold (``isNestable``).
    mutating func append(_ tensor: Tensor, form: TensorForm) {
        switch form {
        case .nested: appendElements(tensor, shape: tensor.shape)
        case .flat:
            appendDescription(tensor)
            append(literal: ",\"data\":")
            appendElements(tensor, shape: [tensor.count])
            append(UInt8(ascii: "}"))
        case .b64:
            appendDescription(tensor)
            append(literal: ",\"b64\":\"")
            tensor.storage.withUnsafeBytes { append(base64: $0) }
            append(literal: "\"}")
        }
    }

    private mutating func appendDescription(_ tensor: Tensor) {
        append(literal: "{\"shape\":")
        append(tensor.shape)
        append(literal: ",\"dtype\":")
        append(tensor.elementType.rawValue)
    }

    /// Writes the elements as lists of `shape`, which has as many.
    mutating func appendElements(_ tensor: Tensor, shape: [Int]) {
        tensor.elementType.json.write(tensor.storage, shape, to: &self)
    }

    mutating func append<Element: TensorElement>(
        _ storage: Bytes, _ shape: [Int], of type: Element.Type
    ) {
        storage.withUnsafeBytes { append($0.bindMemory(to: Element.self), shape: shape[...]) }
    }

    /// Writes lists of lists; the depth is the rank, which is small.
    private mutating func append<Element: TensorElement>(
        _ elements: UnsafeBufferPointer<Element>, shape: ArraySlice<Int>
    ) {
        guard !hasFailed else { return }
        guard let extent = shape.first else { return append(elements[0]) }
        if shape.count == 1 {
            appendList(elements)
        } else {
            append(UInt8(ascii: "["))
            let stride = extent == 0 ? 0 : elements.count / extent
            for index in 0..<extent {
                guard !hasFailed else { return }
                if index > 0 { append(UInt8(ascii: ",")) }
                append(
                    UnsafeBufferPointer(rebasing: elements[index * stride..<(index + 1) * stride]),
                    shape: shape.dropFirst())
            }
        }
        append(UInt8(ascii: "]"))
    }

    /// A list is cut into slices of this many elements: some 100 µs of writing, worth waking a worker for.
    private static var sliceLength: Int { 16 << 10 }
    /// And into no more slices than this, because each is a row to be sent.
    private static var sliceLimit: Int { 256 }

    /// Writes a list up to its last element.
    private mutating func appendList<Element: TensorElement>(_ elements: UnsafeBufferPointer<Element>) {
        let start = UInt8(ascii: "[")
        guard !elements.isEmpty else { return append(start) }
        guard let runner = workspace.runner, elements.count >= 2 * Self.sliceLength else {
            return appendRow(elements, after: start)
        }
        let slices = min(elements.count / Self.sliceLength, Self.sliceLimit)
        let rows = Mutex([Result<[Bytes], WireError>](repeating: .failure(.stopped), count: slices))
        // Read only, and the runner returns when all slices are done.
        nonisolated(unsafe) let elements = elements
        runner(slices) { [workspace] slice in
            let range = elements.count * slice / slices..<elements.count * (slice + 1) / slices
            var writer = JSONWriter(
                expecting: range.count * Element.elementType.usualTextWidth, in: workspace.alone)
            writer.appendRow(
                UnsafeBufferPointer(rebasing: elements[range]), after: slice == 0 ? start : UInt8(ascii: ","))
            let row: Result<[Bytes], WireError>
            do throws(WireError) {
                row = .success(try writer.finish())
            } catch {
                row = .failure(error)
            }
            rows.withLock { $0[slice] = row }
        }
        for row in rows.withLock({ $0 }) { append(row) }
    }

    /// Writes the elements, with `separator` before the first one and a comma before each other.
    @inline(__always)
    private mutating func appendRow<Element: TensorElement>(
        _ elements: UnsafeBufferPointer<Element>, after separator: UInt8
    ) {
        var start = 0
        while start < elements.count, !hasFailed {
            let end = min(start + Self.elementsAtATime, elements.count)
            Element.write(
                UnsafeBufferPointer(rebasing: elements[start..<end]),
                after: start == 0 ? separator : UInt8(ascii: ","), to: &self)
            start = end
        }
    }

    /// Elements that are written without looking whether that is still of use.
    private static var elementsAtATime: Int { 4096 }
}

extension Tensor {
    /// Characters that the elements usually take, for a first guess at the size of a text.
    func textSize(_ form: TensorForm) -> Int {
        form == .b64 ? Base64.encodedCount(byteCount) + 64 : count * elementType.usualTextWidth
    }

    /// Whether nested lists can show the shape: an empty list hides every size after its own.
    var isNestable: Bool { !shape.dropLast().contains(0) }
}

extension ElementType {
    /// Characters that an element usually takes with its comma.
    fileprivate var usualTextWidth: Int {
        switch self {
        case .float32: 12
        case .float64: 20
        case .float16, .bfloat16: 8
        case .int8, .uint8, .bool: 5
        case .int16, .uint16, .int32, .int64: 7
        }
    }
}

extension PoolingResult.Name {
    /// As a member of JSON, up to its value.
    fileprivate var member: StaticString {
        switch self {
        case .output: "\"output\":"
        case .indices: "\"indices\":"
        case .gradInput: "\"grad_input\":"
        case .gradWeights: "\"grad_weights\":"
        case .gradParameters: "\"grad_parameters\":"
        case .gradStructure: "\"grad_structure\":"
        }
    }
}

extension PoolingResult.Parts.Name {
    /// As a member of JSON, up to its value.
    fileprivate var member: StaticString {
        switch self {
        case .outputs: "\"outputs\":"
        case .ops: "\"ops\":"
        case .layers: "\"layers\":"
        }
    }
}
