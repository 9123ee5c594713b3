/// The fields of a request, taken out one by one; what is left at the end has no place in it.
struct FieldReader: Sendable {
    private var remaining: [Field]
    private var tensors: [TensorName: Tensor]
    /// All fields of the request, for what has to be said of some.
    private let given: [Field]
    private let givenTensors: Set<TensorName>
    /// Leads every pointer, such as `layers/0/`.
    let prefix: String
    /// Fields from outside of this object, whose pointers have no prefix.
    private let outside: [Field]
    /// An entry of `ops`, whose op and all that belongs to its result come from there.
    private var entry: OpEntry?
    /// Whether fields are taken from the entry at the moment.
    private(set) var isInEntry = false
    /// Tensors that a plan depends on without their elements, which are not there yet.
    private var standIns: [TensorName: TensorKind] = [:]
    /// The seed, once somebody took it: one seed drives all that is random in a request.
    var seed: UInt64?
    /// Whether only shapes are asked for, so that parameters which shapes do not depend on may be absent.
    let isShapeOnly: Bool
    /// Ends the planning; nil where nothing does.
    let cancellation: Cancellation?
    /// The most bytes that the plan may take.
    let planByteLimit: Int

    /// - Throws: ``PoolingError`` for a field that no request has, so that a misspelt field is named before
    ///   anything that its absence would cause.
    init(
        _ fields: [Field], tensors: [TensorName: Tensor] = [:], prefix: String = "", outside: [Field] = [],
        isShapeOnly: Bool = false, planByteLimit: Int = .max, cancellation: Cancellation? = nil
    ) throws(PoolingError) {
        self.cancellation = cancellation
        self.planByteLimit = planByteLimit
        self.outside = outside
        given = fields
        remaining = fields + outside
        self.tensors = tensors
        givenTensors = Set(tensors.keys)
        self.prefix = prefix
        self.isShapeOnly = isShapeOnly
        for field in fields where !FieldNames.all.contains(field.name) { throw unknown(field.name) }
        for field in fields {
            guard let (name, tensor) = try shapingTensor(field, at: pointer(field.name)) else { continue }
            remaining.removeAll { $0.name == field.name }
            self.tensors[name] = tensor
        }
    }

    private func shapingTensor(_ field: Field, at pointer: String) throws(PoolingError) -> (TensorName, Tensor)? {
        guard isShapeOnly, let name = TensorName.named[field.name], name.decidesShapes else { return nil }
        guard let tensor = try FieldTensor(field.value)?.tensor(name.defaultElementType ?? .float64) else {
            throw PoolingError(
                .wrongType, at: pointer,
                "expected nested lists of \(name.defaultElementType == .bool ? "booleans" : "numbers") for "
                    + "'\(field.name)', got \(field.value.kind) that is none")
        }
        return (name, tensor)
    }

    /// The same request for one of its ops.
    func entering(_ entry: OpEntry) throws(PoolingError) -> FieldReader {
        var reader = self
        reader.entry = entry
        for field in entry.remaining {
            let pointer = entry.pointer(field.name.pointerEscaped)
            guard let (name, tensor) = try shapingTensor(field, at: pointer) else { continue }
            _ = reader.entry?.take(field.name)
            reader.entry?.tensors[name] = tensor
        }
        for field in entry.remaining where !FieldNames.all.contains(field.name) {
            throw reader.unknown(field.name, among: entry.remaining, at: entry.pointer(field.name.pointerEscaped))
        }
        return reader
    }

    /// Takes what belongs to an op and its result: from its entry, where there are several ops.
    mutating func inEntry<Value>(
        _ body: (inout FieldReader) throws(PoolingError) -> Value
    ) throws(PoolingError) -> Value {
        isInEntry = entry != nil
        defer { isInEntry = false }
        return try body(&self)
    }

    /// The pointer to a field of this object.
    func pointer(_ name: String) -> String {
        let first = String(name.prefix { $0 != "/" })
        if let entry, isInEntry || entry.owns(first) { return entry.pointer(name) }
        return outside.contains { $0.name == first } ? name : prefix + name
    }

    /// The pointer to what says the shape of the input: the tensor, or a field in its place.
    var inputPointer: String {
        // A stack has one shape, which its first layer takes.
        if isShapeOnly, prefix.isEmpty || prefix == "layers/0/" { return "input_shape" }
        return pointer(given.contains { $0.name == "input_shape" } ? "input_shape" : TensorName.input.rawValue)
    }

    func rejection(_ reason: PoolingError.Reason, at name: String, _ detail: String) -> PoolingError {
        PoolingError(reason, at: pointer(name), detail)
    }

    mutating func take(_ name: String) -> FieldValue? {
        if isInEntry { return entry?.take(name) }
        guard let position = remaining.firstIndex(where: { $0.name == name }) else { return nil }
        return remaining.remove(at: position).value
    }

    mutating func take(_ name: TensorName) -> Tensor? {
        isInEntry ? entry?.tensors.removeValue(forKey: name) : tensors.removeValue(forKey: name)
    }

    /// Takes a tensor of which only type and shape matter to a plan.
    mutating func takeKind(_ name: TensorName) -> TensorKind? {
        standIns.removeValue(forKey: name) ?? tensors.removeValue(forKey: name)?.kind
    }

    /// As ``takeKind(_:)``, of a tensor that the request must have.
    ///
    /// - Parameter meaning: what the tensor is, for the message.
    mutating func requireKind(_ name: TensorName, _ meaning: String) throws(PoolingError) -> TensorKind {
        guard let kind = takeKind(name) else {
            throw rejection(.missingField, at: name.rawValue, "'\(name.rawValue)' is missing: \(meaning)")
        }
        return kind
    }

    /// Rejects types that have no gradients, and an input of another type than the gradient.
    func checkGradient(_ gradOutput: TensorKind, _ input: TensorKind?) throws(PoolingError) {
        let elementType = gradOutput.elementType
        guard elementType.isFloatingPoint else {
            throw rejection(
                .unsupportedCombination, at: "dtype",
                elementType.gradientRejection)
        }
        if let input, input.elementType != elementType {
            throw rejection(
                .wrongType, at: "input",
                "'input' is \(input.elementType.rawValue) and 'grad_output' \(elementType.rawValue); they must agree")
        }
    }

    /// Lets a tensor count as there that is yet to be computed, or is part of another.
    mutating func stand(_ kind: TensorKind, inFor name: TensorName) { standIns[name] = kind }

    /// Lets a tensor count as one of another element type, to which it is converted before it is computed with.
    mutating func convert(_ name: TensorName, to elementType: ElementType) {
        guard let tensor = tensors.removeValue(forKey: name) else { return }
        standIns[name] = TensorKind(elementType: elementType, shape: tensor.shape)
    }

    /// The value of a field that nobody took yet.
    func value(of name: String) -> FieldValue? { remaining.first { $0.name == name }?.value }

    func has(_ name: String) -> Bool { remaining.contains { $0.name == name } }
    func has(_ name: TensorName) -> Bool { tensors[name] != nil }

    mutating func replace(_ name: TensorName, by tensor: Tensor) { tensors[name] = tensor }

    /// A tensor that is left for somebody else to take.
    func tensor(_ name: TensorName) -> Tensor? { entry?.tensors[name] ?? tensors[name] }

    /// Whether this is the gradient of unpooling.
    var isUnpool: Bool { remaining.contains(Field("op", .string(PoolingRequest.Endpoint.unpool.rawValue))) }

    /// Rejects what nobody took, unless it says no more than its absence would.
    ///
    /// - Parameter subject: what the request is, for the message: `'max' over global regions`.
    func finish(_ subject: @autoclosure () -> String) throws(PoolingError) {
        if let entry, let name = entry.unused { throw unused(name, at: entry.pointer(name), subject()) }
        let field = remaining.first { !FieldNames.isDefault($0) && !outside.contains($0) }
        guard let name = field?.name ?? tensors.keys.map(\.rawValue).min() else { return }
        throw unused(name, at: prefix + name, subject())
    }

    private func unused(_ name: String, at pointer: String, _ subject: String) -> PoolingError {
        let unused = UnusedField(
            name: name, op: entry?.operation ?? givenString("op"), region: givenString("region"),
            given: given.map(\.name) + givenTensors.map(\.rawValue), subject: subject, isAmongSeveral: entry != nil,
            isOutsideLayers: given.contains { $0.name == "layers" } && !has("layers"), isShapeOnly: isShapeOnly)
        return PoolingError(.unusedField, at: pointer, unused.detail)
    }

    private func unknown(_ name: String) -> PoolingError {
        unknown(name, among: given, at: prefix + name.pointerEscaped)
    }

    private func unknown(_ name: String, among fields: [Field], at pointer: String) -> PoolingError {
        let (op, region) = (fields.string("op"), fields.string("region"))
        let value = fields.first { $0.name == name }?.value ?? .null
        let hint = value.hint(for: name, among: FieldNames.taken(by: op, over: region))
        return PoolingError(
            .unknownField, at: pointer,
            "there is no field '\(name.prefix(64))'" + (hint.isEmpty ? FieldNames.list(of: op, over: region) : hint))
    }

    /// The entries of a field that is a list of whole numbers.
    func givenNumbers(_ name: String) -> [Int]? { given.wholeNumbers(name) }

    func givenString(_ name: String) -> String? { given.string(name) }
}

extension [Field] {
    /// The value of a field that is a string.
    func string(_ name: String) -> String? {
        guard case .string(let string) = first(where: { $0.name == name })?.value else { return nil }
        return string
    }
}
