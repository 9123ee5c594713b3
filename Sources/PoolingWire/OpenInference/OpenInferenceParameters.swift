import PoolingEngine

/// The `parameters` of an inference request: the protocol's own taken out, the rest as fields.
struct OpenInferenceParameters {
    /// Parameters that the protocol reserves and that mean nothing here.
    private static let ignored: Set<String> = [
        "priority", "sequence_id", "sequence_start", "sequence_end", "headers",
    ]
    private static let ignoredPrefix = "triton_"
    /// Parameters of tensors that ask for what is not offered.
    private static let unsupported: Set<String> = [
        "shared_memory_region", "shared_memory_byte_size", "shared_memory_offset", "classification",
    ]

    let parameters: RequestParameters
    /// `binary_data_output`.
    private(set) var isBinaryOutput = false
    /// `timeout`.
    private(set) var timeoutMicroseconds: Int?

    init(_ members: [Field]) throws(WireError) {
        var (isBinaryOutput, timeout): (Bool, Int?) = (false, nil)
        var fields: [Field] = []
        var listTexts: [String: [UInt8]] = [:]
        var separators = 0
        for member in members {
            let pointer = "parameters/\(member.name)"
            try Self.rejectUnsupported(member, at: pointer)
            switch member.name {
            case "binary_data_output": isBinaryOutput = try Self.bool(member, at: pointer)
            case "timeout": timeout = try Self.whole(member, at: pointer)
            case let name where Self.ignored.contains(name) || name.hasPrefix(Self.ignoredPrefix): continue
            default:
                if case .string(let text) = member.value {
                    separators += text.utf8.count { $0 == UInt8(ascii: ",") }
                    try Self.checkCount(separators, at: pointer)
                }
                if case .string(let text) = member.value, FieldText.isList(text, named: member.name) {
                    listTexts[member.name] = Array(text.utf8)
                } else {
                    fields.append(try Self.field(member, at: pointer))
                }
            }
        }
        parameters = try RequestParameters(fields, listTexts: listTexts)
        self.isBinaryOutput = isBinaryOutput
        timeoutMicroseconds = timeout
        guard parameters.responseForm == nil else {
            throw .rejected(
                PoolingError(
                    .unusedField, at: "parameters/response_form",
                    "'response_form' is for /v1; binary_data_output says how outputs are written"))
        }
    }

    /// Rejects texts that have more values together than a body may have outside of tensors: each is read by itself.
    private static func checkCount(_ separators: Int, at pointer: String) throws(WireError) {
        guard separators >= JSONReader.keptValueLimit else { return }
        throw .rejected(
            PoolingError(
                .resultTooLarge, at: pointer,
                "expected at most \(JSONReader.keptValueLimit) values in the parameters"))
    }

    private static func field(_ member: Field, at pointer: String) throws(WireError) -> Field {
        if TensorName(rawValue: member.name) != nil {
            throw .rejected(PoolingError(.wrongType, at: pointer, "'\(member.name)' is a tensor; put it in inputs"))
        }
        switch member.value {
        case .string(let text): return Field(member.name, try FieldText.value(of: text, named: member.name))
        case .number, .bool, .list, .null: return member
        case .object: throw wrongType(member, "a string, a number or a boolean", at: pointer)
        }
    }

    /// Reads the only parameter that an input or an output may have, where it has it.
    ///
    /// - Parameter owner: `an input` or `an output`.
    static func value<Value>(
        named name: String, in parameters: [Field], of owner: String, at pointer: String,
        _ read: (Field, _ pointer: String) throws(WireError) -> Value
    ) throws(WireError) -> Value? {
        var value: Value?
        for parameter in parameters {
            let pointer = "\(pointer)/parameters/\(parameter.name)"
            try rejectUnsupported(parameter, at: pointer)
            guard parameter.name == name else {
                throw .rejected(
                    PoolingError(
                        .unknownField, at: pointer, "\(owner) has no parameter '\(parameter.name.prefix(64))'"))
            }
            value = try read(parameter, pointer)
        }
        return value
    }

    private static func rejectUnsupported(_ parameter: Field, at pointer: String) throws(WireError) {
        guard unsupported.contains(parameter.name) else { return }
        throw .malformed(
            .request, offset: nil, detail: "\(pointer): shared memory and classification are not supported")
    }

    static func bool(_ parameter: Field, at pointer: String) throws(WireError) -> Bool {
        guard case .bool(let value) = parameter.value else { throw wrongType(parameter, "true or false", at: pointer) }
        return value
    }

    /// A whole number that is not negative, or its text.
    static func whole(_ parameter: Field, at pointer: String) throws(WireError) -> Int {
        if case .number(let number) = parameter.value, let whole = number.whole, whole >= 0,
            let value = Int(exactly: whole)
        {
            return value
        }
        if case .string(let text) = parameter.value, let value = Int(text), value >= 0 { return value }
        throw wrongType(parameter, "a whole number that is not negative", at: pointer)
    }

    private static func wrongType(_ parameter: Field, _ expected: String, at pointer: String) -> WireError {
        .rejected(
            PoolingError(
                .wrongType, at: pointer, "expected \(expected) for '\(parameter.name)', got \(parameter.value.kind)"))
    }
}
