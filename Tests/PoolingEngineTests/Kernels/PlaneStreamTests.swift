import Testing

@testable import PoolingEngine

/// Holds streams of planes to plain stores: every element is written once, whatever the planes' size and alignment, and none
/// next to them.
@Suite struct PlaneStreamTests {
    @Test(arguments: [1, 16, 49, 1024, 5000], [0, 1, 15])
    func `planes arrive whole, and nothing else changes`(_ plane: Int, _ offset: Int) throws {
        let count = 2 * 4096 / plane + 3
        let memory = Tensor(elementType: .float32, shape: [offset + count * plane + 17], zeroed: true)
        let written = memory.withMutableElements(as: Float.self) { elements -> [Float]? in
            guard let start = elements.baseAddress, let stream = PlaneStream<Float>(byteCount: (plane + 2048) * 4)
            else { return nil }
            for number in 0..<count {
                let target = stream.begin(at: start + offset + number * plane)
                for cell in 0..<plane { target[cell] = Float(number * plane + cell + 1) }
                stream.end(count: plane)
            }
            stream.finish()
            return Array(elements)
        }
        let before = [Float](repeating: 0, count: offset)
        let expected = before + (1...count * plane).map { Float($0) } + [Float](repeating: 0, count: 17)
        #expect(written == expected)
    }

    @Test func `planes apart from each other are written where they belong`() throws {
        let memory = Tensor(elementType: .float32, shape: [1000], zeroed: true)
        try memory.withMutableElements(as: Float.self) { elements in
            let start = try #require(elements.baseAddress)
            let stream = try #require(PlaneStream<Float>(byteCount: 2100 * 4))
            for place in [3, 500, 900] {
                stream.begin(at: start + place).update(repeating: Float(place), count: 20)
                stream.end(count: 20)
            }
            stream.finish()
        }
        let written = memory.doubles
        for index in written.indices {
            let place = [3, 500, 900].first { ($0..<$0 + 20).contains(index) }
            #expect(written[index] == Double(place ?? 0))
        }
    }
}
