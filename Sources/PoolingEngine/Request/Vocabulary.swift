/// What other frameworks call the names of this service: hints, never aliases.
package struct Vocabulary: Sendable {
    package struct Meaning: Sendable {
        let word: String
        /// What has to be said with it, such as another value.
        let note: String
    }

    /// By letters and digits in lower case; the first meaning that a request can have counts.
    private let meanings: [String: [Meaning]]

    /// - Parameter words: for each word of this service, the words of others.
    package init(_ words: KeyValuePairs<String, [String]>) {
        self.init(words.map { ($0.key, OtherNames($0.value)) })
    }

    private init(_ words: [(word: String, otherNames: OtherNames)]) {
        var meanings: [String: [Meaning]] = [:]
        for (word, others) in words {
            for (name, note) in others.notes { meanings[name, default: []].append(Meaning(word: word, note: note)) }
        }
        self.meanings = meanings
    }

    /// - Parameter name: letters and digits in lower case; a layer's dimensions (`maxpool2d`) may follow.
    func meanings(of name: String) -> [Meaning] {
        if let known = meanings[name] { return known }
        guard Self.dimensions.contains(where: name.hasSuffix) else { return [] }
        return meanings[String(name.dropLast(2))] ?? []
    }

    /// The words of this service that others lead to.
    var words: Set<String> { Set(meanings.values.flatMap { $0.map(\.word) }) }

    private static let dimensions = ["1d", "2d", "3d", "nd"]
}

extension Vocabulary {
    /// Parameters of ops come before those of regions: a filter has the weights of one and the size of the other.
    package static let fields = Vocabulary(
        FieldNames.otherNamesOfTensors + FieldNames.descriptors.map { ($0.name, $0.otherNames) })

    static let ops = Vocabulary(
        PoolingCatalog.ops.map { ($0.descriptor.name, $0.descriptor.otherNames) }
            + PoolingCatalog.regions.flatMap { region in
                region.descriptor.otherNamesOfOps.map { op, names in
                    (op, OtherNames([]).with("with the region '\(region.descriptor.name)'", names))
                }
            })

    static let regions = Vocabulary(PoolingCatalog.regions.map { ($0.descriptor.name, $0.descriptor.otherNames) })

    /// What an endpoint of its own does.
    static let unpooling = Vocabulary(["unpool": ["maxunpool", "maxunpooling", "unpooling", "unmaxpool"]])

    /// For the values of `dtype`.
    package static let elementTypes = Vocabulary([
        "float32": ["fp32", "f32", "f4", "float", "single", "torchfloat32", "tffloat32", "npfloat32", "torchfloat"],
        "float64": ["fp64", "f64", "double", "torchfloat64", "npfloat64", "torchdouble"],
        "float16": ["fp16", "f16", "f2", "half", "torchfloat16", "npfloat16", "torchhalf"],
        "bfloat16": ["bf16", "torchbfloat16", "brain"],
        "int64": ["i64", "long", "torchint64", "npint64", "torchlong", "integer64"],
        "int32": ["i32", "i4", "int", "integer", "torchint32", "npint32", "torchint"],
        "int16": ["i16", "i2", "short", "torchint16", "npint16"],
        "int8": ["char", "schar", "torchint8", "npint8"],
        "uint8": ["u8", "u1", "byte", "uchar", "torchuint8", "npuint8"],
        "uint16": ["u16", "u2", "ushort", "npuint16"],
        "bool": ["boolean", "torchbool", "npbool"],
    ])

    /// For the values of other fields, by the name of the field.
    static let values: [String: Vocabulary] = {
        let ofParameters = FieldNames.descriptors.filter { !$0.otherValues.isEmpty }
            .map { ($0.name, Vocabulary($0.otherValues)) }
        return Dictionary(ofParameters) { first, _ in first }
    }()
}
