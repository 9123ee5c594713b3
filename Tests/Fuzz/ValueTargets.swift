import PoolingEngine
import PoolingWire

/// Requests of the right form whose numbers are the input: what tensors and parameters hold is as hostile as bytes.
enum ValueTargets {
    /// A request with holes, and the endpoint that it is for.
    private struct Form {
        let endpoint: PoolingRequest.Endpoint
        let text: String

        init(_ endpoint: PoolingRequest.Endpoint, _ text: String) {
            self.endpoint = endpoint
            self.text = text
        }
    }

    private static let plane = #""input":[[[1,2,3,4],[5,6,7,8],[9,10,11,12],[13,14,15,16]]]"#
    private static let planes = #""input":[\#(plane.dropFirst(8))]"#
    private static let rows = #""input":[[1,2],[3,4],[5,6],[7,8]]"#
    private static let sequences = #""input":[[[1,2],[3,4],[5,6]],[[1,2],[3,4],[5,6]]]"#

    /// `@int64[4]` is a tensor of four values of the input, `#` a number or a list of numbers.
    private static let forms: [Form] = [
        Form(.forward, #"{"op":"sum","region":"segments","segment_ids":@int64[4],\#(rows)}"#),
        Form(.forward, #"{"op":"median","region":"segments","segment_ids":@int64[4],"segments":#,\#(rows)}"#),
        Form(
            .backward,
            #"{"op":"max","region":"segments","segment_ids":@int64[4],"grad_output":[[1,2],[3,4]],\#(rows)}"#),
        Form(.forward, #"{"op":"avg","region":"sequence","lengths":@int64[2],\#(sequences)}"#),
        Form(.forward, #"{"op":"last","region":"sequence","mask":@float64[2,3],\#(sequences)}"#),
        Form(
            .backward,
            #"{"op":"std","region":"sequence","lengths":@int64[2],"grad_output":[[1,2],[3,4]],\#(sequences)}"#),
        Form(.forward, #"{"op":"sum","region":"bags","offsets":@int64[3],\#(rows)}"#),
        Form(.forward, #"{"op":"max","region":"bags","spans":@int64[2,2],\#(rows)}"#),
        Form(.forward, #"{"op":"avg","region":"bags","members":@int64[3],"offsets":@int64[3],\#(rows)}"#),
        Form(
            .forward, #"{"op":"max","region":"roi","rois":@float64[2,5],"output_size":#,"spatial_scale":#,\#(planes)}"#),
        Form(
            .forward,
            #"{"op":"avg","region":"roi_align","rois":@float64[1,5],"output_size":2,"spatial_scale":#,\#(planes)}"#),
        Form(
            .forward,
            #"{"op":"max","region":"roi_align","rois":@float64[1,5],"output_size":1,"sampling_ratio":#,\#(planes)}"#),
        Form(
            .backward,
            #"{"op":"avg","region":"roi_align","rois":@float64[1,5],"output_size":1,"input_shape":[1,1,4,4],"#
                + #""grad_output":[[[[1]]]]}"#),
        Form(
            .forward,
            #"{"op":"max","region":"fractional","kernel":2,"output_size":#,"random_samples":@float64[1,1,2],"#
                + "\(planes)}"),
        Form(
            .forward, #"{"op":"avg","region":"fractional","kernel":2,"output_ratio":#,"seed":#,\#(planes)}"#),
        Form(.forward, #"{"op":"max","region":"fractional","boundaries":[#,#],"overlapping":true,\#(plane)}"#),
        Form(
            .backward,
            #"{"op":"max","kernel":2,"grad_output":@float32[1,2,2],"indices":@int64[1,2,2],"input_shape":[1,4,4]}"#),
        Form(
            .backward,
            #"{"op":"max","kernel":2,"index_base":"window","grad_output":[[[1,2],[3,4]]],"indices":@int64[1,2,2],"#
                + #""input_shape":[1,4,4]}"#),
        Form(.unpool, #"{"kernel":2,"input":[[1,2],[3,4]],"indices":@int64[2,2],"output_size":#}"#),
        Form(.unpool, #"{"kernel":#,"stride":#,"padding":#,"input":[[1,2],[3,4]],"indices":@int64[2,2]}"#),
        Form(.forward, #"{"op":"stochastic","kernel":2,"seed":#,"input":@float64[1,4,4]}"#),
        Form(.forward, #"{"op":"softmax","kernel":2,"beta":#,"input":@float32[4,4]}"#),
        Form(.forward, #"{"op":"weighted","kernel":2,"weights":@float32[2,2],"normalize":true,\#(plane)}"#),
        Form(.forward, #"{"op":"max","kernel":#,"stride":#,"padding":#,"dilation":#,"ceil_mode":true,\#(plane)}"#),
        Form(
            .forward,
            #"{"op":"std","kernel":#,"stride":#,"padding":#,"dilation":#,"padding_mode":"reflect",\#(plane)}"#),
        Form(
            .forward,
            #"{"op":"avg","kernel":#,"stride":#,"padding":#,"padding_mode":"circular","dtype":"int32",\#(plane)}"#),
        Form(.forward, #"{"op":"max","region":"adaptive","output_size":#,"return_indices":true,\#(plane)}"#),
        Form(.forward, #"{"op":"median","region":"pyramid","levels":[#,#],\#(planes)}"#),
        Form(.forward, #"{"op":"max","kernel":#,"stride":#,"input":{"shape":[0,#,#],"data":[]}}"#),
        Form(.forward, #"{"op":"max","region":"adaptive","output_size":#,"input":{"shape":[0,#,#],"data":[]}}"#),
        Form(
            .backward,
            #"{"op":"max","region":"adaptive","output_size":#,"input_shape":[0,1,#],"#
                + #""grad_output":{"shape":[0,1,#],"data":[]},"indices":{"shape":[0,1,#],"data":[]}}"#),
        Form(.forward, #"{"op":"max","axes":#,"kernel":#,\#(planes)}"#),
    ]

    private static let queries: [String] = [
        #"{"op":"max","kernel":#,"stride":#,"padding":#,"dilation":#,"input_shape":[#,#]}"#,
        #"{"op":"max","kernel":#,"stride":#,"padding":#,"dilation":#,"output_shape":[#,#]}"#,
        #"{"op":"avg","kernel":[#,#],"stride":[#,#],"padding":[[#,#],[#,#]],"ceil_mode":true,"input_shape":[1,1,#,#]}"#,
        #"{"op":"avg","kernel":[#,#],"stride":[#,#],"padding":[[#,#],[#,#]],"output_shape":[1,1,#,#]}"#,
        #"{"op":"max","kernel":#,"stride":#,"padding":#,"padding_mode":"replicate","input_shape":[#]}"#,
        #"{"op":"max","kernel":#,"stride":#,"padding":#,"padding_mode":"circular","dilation":#,"input_shape":[#]}"#,
        #"{"op":"max","kernel":#,"padding":"same","stride":#,"dilation":#,"input_shape":#}"#,
        #"{"op":"max","kernel":#,"stride":#,"padding":#,"dims":#,"output_shape":#}"#,
        #"{"op":"max","kernel":#,"stride":#,"padding":#,"axes":#,"input_shape":#}"#,
        #"{"op":"max","kernel":#,"axes":#,"output_shape":#}"#,
        #"{"op":"max","region":"adaptive","output_size":#,"dims":#,"input_shape":#}"#,
        #"{"op":"max","region":"adaptive","output_size":#,"output_shape":#}"#,
        #"{"op":"max","region":"fractional","kernel":#,"output_size":#,"input_shape":#}"#,
        #"{"op":"max","region":"fractional","kernel":#,"output_ratio":#,"seed":1,"input_shape":#}"#,
        #"{"op":"max","region":"pyramid","levels":#,"input_shape":#}"#,
        #"{"op":"std","region":"global","dims":#,"input_shape":#}"#,
        #"{"layers":[{"op":"max","kernel":#,"stride":#},{"op":"avg","kernel":#,"padding":#}],"input_shape":#}"#,
        #"{"layers":[{"op":"max","kernel":#,"stride":#},{"op":"avg","kernel":#,"padding":#}],"output_shape":#}"#,
    ]

    /// The first byte chooses the form; the others are the numbers.
    static func values(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let form = forms[Int(first) % forms.count]
        var numbers = Numbers(input.dropFirst())
        PlanTargets.plan(Array(numbers.filled(form.text).utf8), as: form.endpoint)
    }

    static func geometry(_ input: [UInt8]) {
        guard let first = input.first else { return }
        var numbers = Numbers(input.dropFirst())
        PlanTargets.shape(Array(numbers.filled(queries[Int(first) % queries.count]).utf8))
    }
}

/// Takes numbers from bytes; there is no end of them, because after the last byte all are 0.
private struct Numbers {
    private static let longestList = 6
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    mutating func filled(_ text: String) -> String {
        var result = ""
        var left = Substring(text)
        while let hole = left.firstIndex(where: { $0 == "#" || $0 == "@" }) {
            result += left[..<hole]
            left = left[left.index(after: hole)...]
            if text[hole] == "#" {
                result += numberOrList()
            } else {
                // Such as int64[2,2].
                let type = left.prefix { $0 != "[" }
                let shape = left[type.endIndex...].prefix { $0 != "]" }.dropFirst()
                left = left[shape.endIndex...].dropFirst()
                result += tensor(type: String(type), shape: String(shape))
            }
        }
        return result + left
    }

    /// Any value of the type, NaN and infinities too.
    private mutating func tensor(type: String, shape: String) -> String {
        let count = shape.split(separator: ",").compactMap { Int($0) }.reduce(1, *)
        let data = (0..<count).map { _ in type == "int64" ? integer() : float() }.joined(separator: ",")
        return #"{"shape":[\#(shape)],"dtype":"\#(type)","data":[\#(data)]}"#
    }

    /// A byte says of which kind: many are small, as those that people send.
    private mutating func numberOrList() -> String {
        let choice = byte()
        guard choice % 8 == 7 else { return number(choice) }
        return "[" + (0..<Int(choice >> 3) % Self.longestList).map { _ in number(byte()) }.joined(separator: ",") + "]"
    }

    private mutating func number(_ choice: UInt8) -> String {
        let exponent = Int(choice >> 3)
        return switch choice % 8 {
        case 0...3: String(exponent)
        case 4: String(1 << (2 * exponent))
        case 5: String((1 << (2 * exponent)) - 1)
        case 6: integer()
        default: float()
        }
    }

    private mutating func integer() -> String {
        String(Int64(bitPattern: bits()))
    }

    private mutating func float() -> String {
        let value = Double(bitPattern: bits())
        return value.isFinite ? "\(value)" : value.isNaN ? #""NaN""# : value < 0 ? #""-Infinity""# : #""Infinity""#
    }

    private mutating func bits() -> UInt64 {
        (0..<8).reduce(0) { value, _ in value << 8 | UInt64(byte()) }
    }

    private mutating func byte() -> UInt8 {
        rest.popFirst() ?? 0
    }
}
