import PoolingEngine
import PoolingTestKit
import PoolingWire
import RecycledMemory

/// One way to read or write all numbers of a corpus.
struct NumberContender {
    enum Step: String, Encodable {
        case read, write
    }

    /// What a contender made differs from the numbers that it was given.
    struct WrongResult: Error {
        let contender: String
    }

    let step: Step
    let name: String
    let work: () throws -> Void

    static func all(_ corpus: NumberCorpus) -> [NumberContender] {
        [ourReader(corpus), ownReader(corpus), ourWriter(corpus), ownWriter(corpus)]
    }

    /// A server with one thread: slices one after the other.
    private static let runner: Workspace.Runner = { count, body in (0..<count).forEach(body) }

    /// The whole of a request, from bytes to a tensor.
    private static func ourReader(_ corpus: NumberCorpus) -> NumberContender {
        let body = corpus.body
        let count = corpus.texts.count
        return NumberContender(step: .read, name: "pooling-server") {
            let decoded = try body.withUnsafeBytes { bytes in
                try JSONCodec.decode(bytes, as: .forward, in: Workspace(runner: runner))
            }
            guard decoded.request.tensors[.input]?.count == count else {
                throw WrongResult(contender: "pooling-server")
            }
        }
    }

    /// The numbers alone, already cut apart.
    private static func ownReader(_ corpus: NumberCorpus) -> NumberContender {
        let texts = corpus.texts
        return NumberContender(step: .read, name: "Swift Float(String)") {
            var sum: Float = 0
            for text in texts { sum += Float(text) ?? .nan }
            guard sum.isFinite else { throw WrongResult(contender: "Swift Float(String)") }
        }
    }

    /// The whole of a result, from a tensor to bytes.
    private static func ourWriter(_ corpus: NumberCorpus) -> NumberContender {
        let result = PoolingResult(tensors: [.init(.output, corpus.tensor)])
        let least = 2 * corpus.texts.count
        return NumberContender(step: .write, name: "pooling-server") {
            let body = try JSONCodec.encode(result, form: .flat, in: Workspace(runner: runner))
            guard body.byteCount > least else {
                throw WrongResult(contender: "pooling-server")
            }
        }
    }

    /// The numbers with a comma after each.
    private static func ownWriter(_ corpus: NumberCorpus) -> NumberContender {
        let tensor = corpus.tensor
        let size = corpus.array.count - 1
        return NumberContender(step: .write, name: "Swift description") {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(size)
            tensor.withElements(as: Float.self) { numbers in
                for number in numbers {
                    bytes.append(contentsOf: number.description.utf8)
                    bytes.append(UInt8(ascii: ","))
                }
            }
            guard bytes.count == size else { throw WrongResult(contender: "Swift description") }
        }
    }
}
