/// The fields that a response must have; it may have more.
package struct GoldenResult: Sendable {
    let fields: GoldenJSON
    let request: GoldenJSON?
    let relative: Double
    let absolute: Double

    /// The type of nested arrays, which do not name it themselves.
    private var elementType: GoldenElementType { request.flatMap(GoldenElementType.init(ofRequest:)) ?? .float32 }

    /// What is wrong with a response, or nil.
    package func mismatch(status: Int, headers: [String: String], body: [UInt8]) -> String? {
        guard status == 200 else { return "status \(status), want 200: \(Self.excerpt(body))" }
        let response: GoldenJSON
        do throws(GoldenJSON.SyntaxError) {
            response = try GoldenJSON(body)
        } catch {
            return "the response is not JSON: \(error): \(Self.excerpt(body))"
        }
        if let responses = fields["responses"] {
            return batchMismatch(response, responses, headers).map { "responses: \($0)" }
        }
        return mismatch(of: fields, in: response)
    }

    /// The first of the `wanted` members that `response` lacks or has otherwise.
    func mismatch(of wanted: GoldenJSON, in response: GoldenJSON) -> String? {
        for (name, want) in wanted.members.sorted(by: { $0.key < $1.key }) {
            guard let got = response[name] else { return "\(name) is missing" }
            if let mismatch = mismatch(name, got, want) { return "\(name): \(mismatch)" }
        }
        return nil
    }

    private func mismatch(_ name: String, _ got: GoldenJSON, _ want: GoldenJSON) -> String? {
        switch name {
        case "output", "grad_input", "grad_weights", "grad_structure":
            tensorMismatch(got, want, nestedType: elementType)
        case "indices": tensorMismatch(got, want, nestedType: .int64)
        // Numbers or lists of them, as a nested tensor is.
        case "grad_parameters": membersMismatch(got, want)
        // A response for each op or layer.
        case "outputs", "layers", "ops":
            listMismatch(got, want) { _, got, want in mismatch(of: want, in: got) }
        default: Self.contains(got, want) ? nil : "\(got.excerpt), want \(want.excerpt)"
        }
    }

    private func membersMismatch(_ got: GoldenJSON, _ want: GoldenJSON) -> String? {
        for (name, want) in want.members {
            guard let got = got[name] else { return "\(name) is missing" }
            if let mismatch = tensorMismatch(got, want, nestedType: .float64) { return "\(name): \(mismatch)" }
        }
        return nil
    }

    /// The first mismatch of two lists of responses, with its position.
    func listMismatch(
        _ got: GoldenJSON, _ want: GoldenJSON, _ mismatch: (Int, GoldenJSON, GoldenJSON) -> String?
    ) -> String? {
        let (got, want) = (got.elements ?? [], want.elements ?? [])
        guard got.count == want.count else { return "\(got.count) entries, want \(want.count)" }
        for (position, (got, want)) in zip(got, want).enumerated() {
            if let mismatch = mismatch(position, got, want) { return "\(position): \(mismatch)" }
        }
        return nil
    }

    private func tensorMismatch(_ got: GoldenJSON, _ want: GoldenJSON, nestedType: GoldenElementType) -> String? {
        do throws(GoldenTensorError) {
            let want = try GoldenTensor(want, nestedType: nestedType)
            let got = try GoldenTensor(got, nestedType: nestedType)
            return got.mismatch(want, relative: relative, absolute: absolute)
        } catch {
            return error.description
        }
    }

    /// Whether `got` has all that `want` has, and the same.
    static func contains(_ got: GoldenJSON, _ want: GoldenJSON) -> Bool {
        switch (got.value, want.value) {
        case (.object(let got), .object(let want)):
            want.allSatisfy { name, value in got[name].map { contains($0, value) } ?? false }
        case (.array(let got), .array(let want)): got.count == want.count && zip(got, want).allSatisfy(contains)
        case (.number(let got), .number(let want)): got == want || sameNumber(got, want)
        case (.string(let got), .string(let want)): got == want
        case (.bool(let got), .bool(let want)): got == want
        case (.null, .null): true
        default: false
        }
    }

    /// Integers are compared as integers, because a double would blur large ones.
    private static func sameNumber(_ got: String, _ want: String) -> Bool {
        if let want = Int64(want), let got = Int64(got) { return got == want }
        return Double(got) == Double(want)
    }

    private static func excerpt(_ body: [UInt8]) -> String {
        String(decoding: body.prefix(300), as: UTF8.self)
    }
}
