import PoolingEngine
import PoolingWire

/// The same numbers as a tensor and as text.
struct NumberCorpus {
    let tensor: Tensor
    /// Each number's shortest text.
    let texts: [String]
    /// All of them as one JSON array.
    let array: [UInt8]

    init(count: Int) {
        tensor = RandomNormals().tensor([count])
        texts = tensor.withElements(as: Float.self) { $0.map(\.description) }
        array = Array("[\(texts.joined(separator: ","))]".utf8)
    }

    /// A request that carries the numbers.
    var body: [UInt8] {
        Array(#"{"op":"max","kernel":2,"dims":1,"input":{"shape":[\#(texts.count)],"data":"#.utf8) + array
            + Array("}}".utf8)
    }
}
