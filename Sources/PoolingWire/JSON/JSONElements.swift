import PoolingEngine
import RecycledMemory

/// Numbers as they were read with one element type, or what was wrong with them for that type.
struct JSONElements {
    let type: ElementType
    /// Where the value starts, so that it can be read again with another type.
    let start: Int
    let content: Result<(shape: [Int], storage: Bytes), PoolingError>

    /// Takes nested lists of numbers; where they are rejected, the value is still taken to its end.
    init(of type: ElementType, expectedCount: Int?, from reader: inout JSONReader) throws(WireError) {
        self.type = type
        start = reader.position
        let saved = reader
        do {
            content = .success(try reader.takeElements(of: type, expectedCount: expectedCount))
        } catch {
            guard case .rejected(let rejection) = error else { throw error }
            content = .failure(rejection)
            reader = saved
            try reader.skipValue()
        }
    }
}
