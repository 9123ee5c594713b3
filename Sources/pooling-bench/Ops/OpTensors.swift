import Foundation
import PoolingEngine
import RecycledMemory

/// The tensors of a case as files, from which another program computes the same.
struct OpTensors: Encodable {
    /// The shape and type of the tensor in the file `NAME.bin`, row-major.
    struct Description: Encodable {
        let shape: [Int]
        let dtype: String

        init(_ tensor: Tensor) {
            shape = tensor.shape
            dtype = tensor.elementType.rawValue
        }
    }

    let kernel: String
    let elements: Int
    private(set) var tensors: [String: Description] = [:]

    /// Writes the tensors of the request and of its result into `directory`.
    init(writing measured: OpCase, into directory: URL) throws {
        kernel = measured.kernel
        elements = measured.elementCount
        for (name, tensor) in measured.request.tensors { try write(tensor, name.rawValue, directory) }
        let result = try PoolingPlan(measured.request, limits: .measured).execute(Operands(measured.request))
        for named in result.tensors { try write(named.tensor, named.name.rawValue, directory) }
    }

    private mutating func write(_ tensor: Tensor, _ name: String, _ directory: URL) throws {
        let bytes = tensor.storage.withUnsafeBytes { Data($0) }
        try bytes.write(to: directory.appending(path: "\(name).bin"))
        tensors[name] = Description(tensor)
    }

    /// On one line, so that a reader of lines takes it whole.
    var json: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }
}
