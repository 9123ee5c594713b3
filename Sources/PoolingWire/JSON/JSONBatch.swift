package import PoolingEngine
import RecycledMemory

/// Many independent requests in one JSON body, `{"requests":[…]}`, and their responses.
package enum JSONBatch {
    package static let counts = 1...4096

    private static let listName = "requests"
    private static let endpointName = "endpoint"

    /// An entry that was understood.
    package enum Request: Sendable {
        case tensors(DecodedRequest)
        /// A shape query.
        case shape([Field], ElementType?)
    }

    /// The endpoints of entries.
    private enum Endpoint: String, CaseIterable {
        case forward, backward, unpool, shape

        /// Nil for a shape query.
        var computing: PoolingRequest.Endpoint? { PoolingRequest.Endpoint(rawValue: rawValue) }
    }

    /// Reads a body, and calls `body` with each entry as soon as it is read.
    ///
    /// What is no JSON makes the whole malformed, and what is wrong with an entry is the entry's alone: its pointer is
    /// relative to the entry. Once the work should stop, the rest need only be JSON: each entry is
    /// ``WireError/stopped``.
    ///
    /// - Returns: how many entries there are.
    package static func read(
        _ bytes: UnsafeRawBufferPointer, in workspace: Workspace,
        _ body: (Result<Request, WireError>) -> Void
    ) throws(WireError) -> Int {
        var reader = JSONReader(bytes, in: workspace.withoutCancellation)
        var (count, isList, isThere) = (0, false, false)
        // Most entries differ from one of the last few in their numbers alone.
        var templates: [RequestTemplate] = []
        try reader.takeDocument { (reader, name) throws(WireError) in
            guard name == listName else {
                reader.reject(unknown(name), at: reader.position)
                return try reader.skipValue()
            }
            let start = reader.position
            guard reader.next == UInt8(ascii: "[") else {
                let value = try reader.takeValue()
                isThere = value != .null
                if isThere { reader.reject(wrongType(value), at: start) }
                return
            }
            (isThere, isList) = (true, true)
            try reader.takeListElements { (reader, position) throws(WireError) in
                count = position + 1
                guard count <= counts.upperBound else { return try reader.skipValue() }
                guard !workspace.isStopped else {
                    try reader.skipValue()
                    return body(.failure(.stopped))
                }
                body(try takeEntry(&reader, &templates))
            }
        }
        try reader.throwRejection()
        guard isThere else {
            throw .rejected(
                PoolingError(.missingField, at: listName, "'requests' is missing: a list of requests"))
        }
        guard isList, counts.contains(count) else {
            throw .rejected(
                PoolingError(
                    .wrongLength, at: listName,
                    "'requests' has \(count) entries; it must have from \(counts.lowerBound) to \(counts.upperBound)"))
        }
        return count
    }

    private static func unknown(_ name: String) -> PoolingError {
        PoolingError(
            .unknownField, at: name.pointerEscaped,
            "there is no field '\(name.prefix(64))'; a batch has 'requests'"
                + NameHint.text(for: name, among: [listName]))
    }

    private static func wrongType(_ value: FieldValue) -> PoolingError {
        PoolingError(.wrongType, at: listName, "expected a list of requests for 'requests', got \(value.kind)")
    }

    /// Takes one entry, whatever it is.
    private static func takeEntry(
        _ reader: inout JSONReader, _ templates: inout [RequestTemplate]
    ) throws(WireError) -> Result<Request, WireError> {
        if let decoded = templates.firstMatch({ $0.take(from: &reader) }) { return .success(.tensors(decoded)) }
        let start = reader.position
        var entry = reader.entry(at: start)
        do throws(WireError) {
            let request = try takeRequest(from: &entry, &templates)
            reader.position = entry.position
            return .success(request)
        } catch {
            if case .malformed = error { throw error }
            // The rest of the entry must still be JSON.
            var rest = reader.entry(at: start)
            try rest.skipValue()
            reader.position = rest.position
            return .failure(error)
        }
    }

    private static func takeRequest(
        from reader: inout JSONReader, _ templates: inout [RequestTemplate]
    ) throws(WireError) -> Request {
        let start = reader.position
        guard reader.next == UInt8(ascii: "{") else {
            let value = try reader.takeValue()
            throw .rejected(PoolingError(.wrongType, at: "", "expected an object for a request, got \(value.kind)"))
        }
        let entry = try RequestReader.takeEntry(from: &reader)
        guard let endpoint = try endpoint(entry.endpoint).computing else {
            reader = reader.entry(at: start)
            let query = try ShapeQueryReader.takeEntry(from: &reader)
            return .shape(query.fields, query.elementType)
        }
        try reader.throwRejection()
        let (decoded, template) = entry.decoded(endpoint, in: reader)
        if let template { templates.keep(template) }
        return .tensors(decoded)
    }

    /// The endpoints as a URL has them.
    private static let paths = Vocabulary([
        "forward": ["v1forward"], "backward": ["v1backward"], "unpool": ["v1unpool"], "shape": ["v1shape"],
    ])

    private static func endpoint(_ value: FieldValue?) throws(WireError) -> Endpoint {
        guard let value else { return .forward }
        do {
            return try value.choice(among: Endpoint.allCases, at: endpointName, paths)
        } catch {
            throw .rejected(error)
        }
    }
}
