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
    private var isInEntry = false
    /// Tensors that a plan depends on without their elements, which are not there yet.
    private var standIns: [TensorName: TensorKind] = [:]
    /// The seed, once somebody took it: one seed drives all that is random in a request.
    fileprivate var seed: UInt64?
    /// Whether only shapes are asked for, so that parameters which shapes do not depend on may be absent.
    let isShapeOnly: Bool

    /// - Throws: ``PoolingError`` for a field that no request has, so that a misspelt field is named before
    ///   anything that its absence would cause.
    init(
        _ fields: [Field], tensors: [TensorName: Tensor] = [:], prefix: String = "", outside: [Field] = [],
        isShapeOnly: Bool = false
    ) throws(PoolingError) {
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

    /// The tensors that a shape query can have, because shapes and counts depend on them.
    private static let shaping: Set<TensorName> = [
        .footprint, .structure, .mask, .offsets, .spans, .members, .segmentIDs, .lengths,
    ]

    private func shapingTensor(_ field: Field, at pointer: String) throws(PoolingError) -> (TensorName, Tensor)? {
        guard isShapeOnly, let name = TensorName.named[field.name], Self.shaping.contains(name) else { return nil }
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
    private func value(of name: String) -> FieldValue? { remaining.first { $0.name == name }?.value }

    func has(_ name: String) -> Bool { remaining.contains { $0.name == name } }
    func has(_ name: TensorName) -> Bool { tensors[name] != nil }

    /// A tensor that is left for somebody else to take.
    func tensor(_ name: TensorName) -> Tensor? { entry?.tensors[name] ?? tensors[name] }

    /// Whether this is the gradient of unpooling.
    var isUnpool: Bool { remaining.contains(Field("op", .string(PoolingRequest.Endpoint.unpool.rawValue))) }

    /// Rejects what nobody took, unless it says no more than its absence would.
    ///
    /// - Parameter place: what the request is, for the message: `'max' over global regions`.
    func finish(_ place: @autoclosure () -> String) throws(PoolingError) {
        if let entry, let name = entry.unused { throw unused(name, at: entry.pointer(name), place()) }
        let field = remaining.first { !FieldNames.isDefault($0) && !outside.contains($0) }
        guard let name = field?.name ?? tensors.keys.map(\.rawValue).min() else { return }
        throw unused(name, at: prefix + name, place())
    }

    private func unused(_ name: String, at pointer: String, _ place: String) -> PoolingError {
        let unused = UnusedField(
            name: name, op: entry?.operation ?? givenString("op"), region: givenString("region"),
            given: given.map(\.name) + givenTensors.map(\.rawValue), place: place, isAmongSeveral: entry != nil,
            isOutsideLayers: given.contains { $0.name == "layers" } && !has("layers"))
        return PoolingError(.unusedField, at: pointer, unused.detail)
    }

    private func unknown(_ name: String) -> PoolingError {
        unknown(name, among: given, at: prefix + name.pointerEscaped)
    }

    private func unknown(_ name: String, among fields: [Field], at pointer: String) -> PoolingError {
        let (op, region) = (fields.string("op"), fields.string("region"))
        let hint = NameHint.text(for: name, among: FieldNames.taken(by: op, over: region), .fields)
        return PoolingError(
            .unknownField, at: pointer,
            "there is no field '\(name.prefix(64))'" + (hint.isEmpty ? FieldNames.list(of: op, over: region) : hint))
    }

    private func givenString(_ name: String) -> String? { given.string(name) }
}

extension [Field] {
    /// The value of a field that is a string.
    func string(_ name: String) -> String? {
        guard case .string(let string) = first(where: { $0.name == name })?.value else { return nil }
        return string
    }
}

extension FieldReader {
    mutating func takeBool(_ name: String, default standard: Bool) throws(PoolingError) -> Bool {
        guard let value = take(name) else { return standard }
        guard case .bool(let bool) = value else {
            throw mismatch(value, at: name, expected: "true or false")
        }
        return bool
    }

    mutating func takeString(_ name: String) throws(PoolingError) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let string) = value else {
            throw mismatch(value, at: name, expected: "a string")
        }
        return string
    }

    /// One of the raw values of an enumeration.
    mutating func takeCase<Choice>(
        _ name: String, default standard: Choice
    ) throws(PoolingError) -> Choice where Choice: RawRepresentable<String>, Choice: CaseIterable {
        guard let string = try takeString(name) else { return standard }
        guard let choice = Choice(rawValue: string) else {
            throw unknownValue(string, at: name, known: Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    /// One of the raw values of an enumeration for every axis, or a list with one per axis.
    mutating func takePerAxisCase<Choice>(
        _ name: String, default standard: Choice
    ) throws(PoolingError) -> PerAxis<Choice> where Choice: RawRepresentable<String>, Choice: CaseIterable {
        guard case .list(let values)? = value(of: name) else { return .all(try takeCase(name, default: standard)) }
        _ = take(name)
        var choices: [Choice] = []
        for (position, value) in values.enumerated() {
            let place = "\(name)/\(position)"
            guard case .string(let string) = value else { throw mismatch(value, at: place, expected: "a string") }
            guard let choice = Choice(rawValue: string) else {
                throw unknownValue(string, at: place, known: Choice.allCases.map(\.rawValue))
            }
            choices.append(choice)
        }
        guard !choices.isEmpty else {
            throw rejection(.wrongLength, at: name, "'\(name)' is an empty list; give one entry per axis")
        }
        return .each(choices)
    }

    /// A finite number that `accepts` lets pass, or the default.
    mutating func takeNumber(
        _ name: String, default standard: Double, _ rule: String, _ accepts: (Double) -> Bool
    ) throws(PoolingError) -> Double {
        guard let value = take(name) else { return standard }
        guard case .number(let number) = value else {
            throw mismatch(value, at: name, expected: "a number")
        }
        guard number.value.isFinite, accepts(number.value) else {
            throw outOfRange(number.text, at: name, rule)
        }
        return number.value
    }

    mutating func takeInteger(_ name: String, in range: ClosedRange<Int>) throws(PoolingError) -> Int? {
        guard let value = take(name) else { return nil }
        return try integer(value, at: name, in: range)
    }

    /// The seed, an unsigned 64-bit number; may be taken by several.
    mutating func takeSeed() throws(PoolingError) -> UInt64? {
        guard let value = take("seed") else { return isInEntry ? nil : seed }
        guard case .number(let number) = value, number.isWhole else {
            throw mismatch(value, at: "seed", expected: "a whole number")
        }
        guard let taken = number.whole.flatMap(UInt64.init(exactly:)) else {
            throw outOfRange(number.text, at: "seed", "from 0 to 18446744073709551615")
        }
        if !isInEntry { seed = taken }
        return taken
    }

    /// The entries of a list that must be there.
    ///
    /// - Parameter expected: what it is a list of: `objects`.
    mutating func takeEntries(
        _ name: String, of expected: String, counts: ClosedRange<Int>
    ) throws(PoolingError) -> [FieldValue] {
        let value = take(name) ?? .null
        guard case .list(let values) = value else {
            throw mismatch(value, at: name, expected: "a list of \(expected)")
        }
        guard counts.contains(values.count) else {
            throw rejection(
                .wrongLength, at: name,
                "'\(name)' has \(values.count) entries; it must have from \(counts.lowerBound) to \(counts.upperBound)")
        }
        return values
    }

    /// A list of whole numbers.
    mutating func takeIntegers(
        _ name: String, in range: ClosedRange<Int>
    ) throws(PoolingError) -> [Int]? {
        guard let value = take(name) else { return nil }
        guard case .list(let values) = value else {
            throw mismatch(value, at: name, expected: "a list of whole numbers")
        }
        var integers: [Int] = []
        for (position, value) in values.enumerated() {
            integers.append(try integer(value, at: "\(name)/\(position)", in: range))
        }
        return integers
    }

    /// One whole number for every axis, or a list with one per axis; null entries where `allowsNull`.
    mutating func takePerAxis(
        _ name: String, in range: ClosedRange<Int>, allowsNull: Bool = false
    ) throws(PoolingError) -> PerAxis<Int?>? {
        guard let value = take(name) else { return nil }
        guard case .list(let values) = value else { return .all(try integer(value, at: name, in: range)) }
        var entries: [Int?] = []
        for (position, value) in values.enumerated() {
            if allowsNull, value == .null {
                entries.append(nil)
            } else {
                entries.append(try integer(value, at: "\(name)/\(position)", in: range))
            }
        }
        guard !entries.isEmpty else {
            throw rejection(.wrongLength, at: name, "'\(name)' is an empty list; give one number per axis")
        }
        return .each(entries)
    }

    /// As ``takePerAxis(_:in:allowsNull:)`` without nulls.
    mutating func takePerAxisIntegers(
        _ name: String, in range: ClosedRange<Int>
    ) throws(PoolingError) -> PerAxis<Int>? {
        try takePerAxis(name, in: range)?.map { $0 ?? 0 }
    }

    /// A whole number within `range`, found at `name`.
    func integer(
        _ value: FieldValue, at name: String, in range: ClosedRange<Int>
    ) throws(PoolingError) -> Int {
        guard case .number(let number) = value, number.isWhole else {
            throw mismatch(value, at: name, expected: "a whole number")
        }
        guard let integer = number.whole.flatMap(Int.init(exactly:)), range.contains(integer) else {
            throw outOfRange(number.text, at: name, "from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }
}

// MARK: Messages

extension FieldReader {
    /// A value of another kind than the field has.
    func mismatch(_ value: FieldValue, at name: String, expected: String) -> PoolingError {
        rejection(.wrongType, at: name, "expected \(expected) for '\(name.indexed)', got \(value.described)")
    }

    /// - Parameter rule: both ends, or as many as there are: `from 0 to 1`, `above 0`.
    func outOfRange(_ text: String, at name: String, _ rule: String) -> PoolingError {
        rejection(.outOfRange, at: name, "\(name.indexed) is \(text); it must be \(rule)")
    }

    /// A string that is none of `known`.
    ///
    /// - Parameter others: what the field takes but these strings, such as `a number, a list`.
    func unknownValue(_ string: String, at name: String, known: [String], others: String = "") -> PoolingError {
        let field = name.prefix { $0 != "/" }
        let vocabulary = Vocabulary.values[String(field)] ?? Vocabulary([:])
        return rejection(
            .unknownValue, at: name,
            "'\(name.indexed)' is '\(string.prefix(64))'; it must be \(others.isEmpty ? "" : others + ", ")"
                + known.alternatives + NameHint.text(for: string, among: known, vocabulary))
    }

    func unknownOp(_ name: String) -> PoolingError {
        unknownName(.unknownOp, "op", name, PoolingCatalog.operationNames, .ops)
    }

    func unknownRegion(_ name: String) -> PoolingError {
        unknownName(.unknownRegion, "region", name, PoolingCatalog.regionNames, .regions)
    }

    private func unknownName(
        _ reason: PoolingError.Reason, _ field: String, _ name: String, _ known: [String], _ vocabulary: Vocabulary
    ) -> PoolingError {
        let hint = NameHint.text(for: name, among: known, vocabulary)
        return rejection(
            reason, at: field,
            "there is no \(field) '\(name.prefix(64))'\(hint)\(hint.isEmpty ? "; known" : " Known") \(field)s are "
                + known.joined(separator: ", "))
    }
}

extension FieldValue {
    /// The kind, and of a number what it is.
    fileprivate var described: String {
        if case .number(let number) = self { number.text } else { kind }
    }
}

extension FieldNumber {
    /// As it is written: whole numbers without a fraction.
    var text: String { whole.map { "\($0)" } ?? "\(value)" }

    /// Whether it has no fraction, be it too large for ``whole``.
    fileprivate var isWhole: Bool { whole != nil || value.isFinite && value == value.rounded() }
}
