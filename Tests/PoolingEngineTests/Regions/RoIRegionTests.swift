import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct RoIRegionTests {
    private func pooled(_ op: String, _ roi: [Double], _ fields: Fields, _ input: Tensor) throws -> Tensor {
        var asked = request(op, fields, input: input, [.rois: Tensor([0] + roi, shape: [1, 5], .float64)])
        asked.fields.append(Field("region", "roi"))
        return try asked.result(.output)
    }

    private let map = sixteen.reshaped([1, 1, 4, 4])

    @Test func `the end of a box belongs to it`() throws {
        #expect(try pooled("max", [0, 0, 1, 2], ["output_size": 1], map).realElements == [10])
    }

    @Test func `corners are rounded half away from zero`() throws {
        // 0.5 becomes 1, 1.5 becomes 2, −0.5 becomes −1.
        #expect(try pooled("min", [0.5, 0.5, 1.5, 1.5], ["output_size": 1], map).realElements == [6])
        #expect(try pooled("sum", [-0.5, -0.5, 0, 0], ["output_size": 1], map).realElements == [1])
    }

    @Test func `bins are cut in exact integers`() throws {
        // An extent of 7 in 7 bins: one cell each, though 7 · (1/7) in float32 steps may pass an integer.
        let input = Tensor((0..<49).map { _ in 1.0 }, shape: [1, 1, 7, 7])
        let output = try pooled("sum", [0, 0, 6, 6], ["output_size": 7], input)
        #expect(output.realElements == Array(repeating: 1, count: 49))
    }

    @Test func `an empty bin is zero, names nothing and takes no gradient`() throws {
        let rois = Tensor([0, 9, 9, 12, 12], shape: [1, 5], .float64)
        let fields: Fields = ["region": "roi", "output_size": 1, "return_indices": true]
        let forward = request("max", fields, input: map, [.rois: rois])
        #expect(try forward.result(.output).realElements == [0])
        #expect(try forward.result(.indices).wholeElements == [-1])
        let gradient = try forward.backward(Tensor([5], shape: [1, 1, 1, 1])).result(.gradInput)
        #expect(gradient.realElements == Array(repeating: 0, count: 16))
    }

    @Test func `position-sensitive bins reach the last row and column`() throws {
        // Channel c holds 16·c + the cell's number: the bin (0, 1) of a full box reads channel 1 at 2, 3, 6 and 7.
        let input = Tensor((0..<64).map(Double.init), shape: [1, 4, 4, 4])
        let fields: Fields = ["output_size": [2, 2], "position_sensitive": true]
        let output = try pooled("avg", [0, 0, 4, 4], fields, input)
        #expect(output.realElements == [2.5, 20.5, 42.5, 60.5])
    }

    @Test func `position-sensitive gradients reach the last row and column too`() throws {
        let input = Tensor((0..<64).map(Double.init), shape: [1, 4, 4, 4])
        let fields: Fields = ["region": "roi", "output_size": [2, 2], "position_sensitive": true]
        let forward = request("avg", fields, input: input, [.rois: Tensor([0, 0, 0, 4, 4], shape: [1, 5], .float64)])
        let gradient = try forward.backward(Tensor([1, 1, 1, 1], shape: [1, 1, 2, 2])).result(.gradInput).realElements
        #expect(gradient[16 + 7] == 0.25 && gradient[48 + 15] == 0.25)
        #expect(gradient.count { $0 == 0.25 } == 16)
    }
}

@Suite struct RoIAlignRegionTests {
    private func aligned(_ op: String, _ roi: [Double], _ fields: Fields, _ input: Tensor) throws -> [Double] {
        var asked = request(op, fields, input: input, [.rois: Tensor([0] + roi, shape: [1, 5], .float64)])
        asked.fields.append(Field("region", "roi_align"))
        return try asked.result(.output).realElements
    }

    private let map = sixteen.reshaped([1, 1, 4, 4])

    @Test func `a sample between four cells is their mean`() throws {
        #expect(try aligned("avg", [0, 0, 1, 1], ["output_size": 1, "sampling_ratio": 1], map) == [3.5])
    }

    @Test func `aligned boxes are shifted by half a cell`() throws {
        let fields: Fields = ["output_size": 1, "sampling_ratio": 1, "aligned": true]
        #expect(try aligned("avg", [0.5, 0.5, 1.5, 1.5], fields, map) == [3.5])
    }

    @Test func `a sample far outside is zero and counts`() throws {
        // Two samples along x, at 2 and 6: the second is beyond the width of 4.
        let fields: Fields = ["output_size": 1, "sampling_ratio": 0]
        let wide = Tensor([8, 8, 8, 8], shape: [1, 1, 1, 4])
        #expect(try aligned("avg", [3.5, 0, 5.5, 1], fields, wide) == [4])
    }

    @Test func `the largest corner is weighted, the largest sample is not`() throws {
        let ones = Tensor(Array(repeating: 1, count: 16), shape: [1, 1, 4, 4])
        let fields: Fields = ["output_size": 1, "sampling_ratio": 1]
        #expect(try aligned("max", [0, 0, 1, 1], fields, ones) == [1])
        let corners: Fields = ["output_size": 1, "sampling_ratio": 1, "sample_max": "corners"]
        #expect(try aligned("max", [0, 0, 1, 1], corners, ones) == [0.25])
    }

    @Test func `a sampling ratio of 512 is the largest`() throws {
        func asked(_ ratio: Int) -> PoolingRequest {
            request(
                "avg", ["region": "roi_align", "output_size": 1, "sampling_ratio": .whole(ratio)],
                input: sixteen.reshaped([1, 1, 4, 4]), [.rois: Tensor([0, 0, 0, 3, 3], shape: [1, 5], .float64)])
        }
        #expect(try asked(512).result(.output).realElements.count == 1)
        #expect(asked(513).rejection?.reason == .workTooLarge)
    }
}
