import PoolingEngine
import PoolingTestKit
import Testing

/// Footprints and masks, in numbers worked out by hand.
@Suite struct ShapedWindowTests {
    private let nine = Tensor((1...9).map(Double.init), shape: [3, 3])

    private func booleans(_ cells: [Int64], _ shape: [Int]) -> Tensor { Tensor(whole: cells, shape: shape, .bool) }

    private func output(
        _ op: String, _ fields: Fields, _ tensors: [TensorName: Tensor], over input: Tensor? = nil
    ) throws -> [Double] {
        try request(op, fields, input: input ?? nine, tensors).result(.output).realElements
    }

    @Test func `a footprint leaves cells out and gives the kernel`() throws {
        let diagonal = booleans([1, 0, 0, 1], [2, 2])
        #expect(try output("sum", ["stride": 1], [.footprint: diagonal]) == [6, 8, 12, 14])
        let before: Fields = ["stride": 1, "padding": [[1, 0], [1, 0]]]
        #expect(try output("avg", before, [.footprint: diagonal])[..<5] == [0.5, 1, 1.5, 2, 3])
    }

    @Test func `a footprint says how many dimensions one number for a kernel has`() throws {
        let asked = request("sum", ["kernel": 2, "stride": 1], input: nine, [.footprint: booleans([0, 1], [2])])
        #expect(try asked.result(.output).realElements == [2, 3, 5, 6, 8, 9])
    }

    @Test func `window indices stay offsets in the whole kernel`() throws {
        let fields: Fields = ["stride": 1, "return_indices": true, "index_base": "window"]
        let result = try request("max", fields, input: nine, [.footprint: booleans([0, 1, 1, 0], [2, 2])]).run()
        #expect(result[.indices]?.wholeElements == [2, 2, 2, 2])
        #expect(result[.output]?.realElements == [4, 5, 7, 8])
    }

    @Test func `count_include_pad counts true cells of the padding`() throws {
        let row = booleans([1, 1, 0], [1, 3])
        let fields: Fields = ["stride": 1, "padding": [[0, 0], [1, 1]]]
        #expect(try output("avg", fields, [.footprint: row])[..<3] == [0.5, 1.5, 2.5])
    }

    @Test func `a masked window is 0, or empty_value, and names nothing`() throws {
        let mask = booleans([1, 0, 0, 1, 0, 0, 1, 1, 1], [3, 3])
        let fields: Fields = ["kernel": [2, 1], "stride": 1, "return_indices": true]
        let result = try request("max", fields, input: nine, [.mask: mask]).run()
        #expect(result[.output]?.realElements == [4, 0, 0, 7, 8, 9])
        #expect(result[.indices]?.wholeElements == [3, -1, -1, 6, 7, 8])
        let empty = try request("max", fields, input: nine, [.mask: mask]).with("empty_value", "-Infinity").run()
        #expect(empty[.output]?.realElements == [4, -.infinity, -.infinity, 7, 8, 9])
    }

    @Test func `what a masked element holds never matters`() throws {
        let values = Tensor([1, .nan, 3, -.infinity], shape: [4])
        let mask = booleans([1, 0, 1, 0], [4])
        for op in ["max", "sum", "avg", "median", "softmax", "logsumexp", "variance", "product", "last"] {
            #expect(try output(op, ["region": "global"], [.mask: mask], over: values)[0].isFinite, "\(op)")
        }
    }

    @Test func `a masked element gets no gradient`() throws {
        let forward = request(
            "avg", ["region": "global"], input: nine, [.mask: booleans([1, 0, 1, 0, 0, 0, 0, 0, 1], [3, 3])])
        let gradient = try forward.backward(Tensor([3], shape: [1, 1])).result(.gradInput)
        #expect(gradient.realElements == [1, 0, 1, 0, 0, 0, 0, 0, 1])
    }

    @Test func `true everywhere is no footprint and no mask`() throws {
        let plain = request("max", ["kernel": [2, 2], "stride": 1], input: nine)
        let shaped = plain.with(.footprint, booleans([1, 1, 1, 1], [2, 2]))
            .with(.mask, booleans(Array(repeating: 1, count: 9), [3, 3]))
        let kernels = try [plain, shaped].map { try PoolingPlan($0, limits: .roomy).kernel }
        #expect(kernels[0] == kernels[1])
    }

    @Test func `a padding zero is never masked, a copy is masked as its source`() throws {
        let mask = booleans([0, 1, 1], [3])
        let values = Tensor([5, 1, 2], shape: [3])
        let zeros: Fields = ["kernel": [2], "stride": 1, "padding": [1], "padding_mode": "zeros"]
        #expect(try output("avg", zeros, [.mask: mask], over: values) == [0, 1, 1.5, 1])
        let copies: Fields = ["kernel": [2], "stride": 1, "padding": [1], "padding_mode": "replicate"]
        #expect(try output("sum", copies, [.mask: mask], over: values) == [0, 1, 3, 4])
    }

    @Test func `empty regions take the value that is asked for`() throws {
        let ids = Tensor(whole: [0, 2], shape: [2])
        let rows = Tensor([1, 2], shape: [2, 1])
        let fields: Fields = ["region": "segments", "segments": 4, "empty_value": 1]
        #expect(try output("product", fields, [.segmentIDs: ids], over: rows) == [1, 1, 2, 1])
        let lengths = Tensor(whole: [0, 1], shape: [2])
        let sequences = Tensor([1, 2, 3, 4], shape: [2, 2, 1])
        let sequence: Fields = ["region": "sequence", "empty_value": "-Infinity"]
        #expect(try output("max", sequence, [.lengths: lengths], over: sequences) == [-.infinity, 3])
    }

    struct Misfit: Sendable {
        let fields: [Field]
        let shape: [Int]
        let cells: [Int64]
        let reason: PoolingError.Reason

        init(_ fields: Fields, _ shape: [Int], _ cells: [Int64], _ reason: PoolingError.Reason) {
            (self.fields, self.shape, self.cells, self.reason) = ([Field](fields), shape, cells, reason)
        }
    }

    private static let misfits = [
        Misfit(["kernel": [2, 2]], [1, 3], [1, 1, 1], .shapeMismatch),
        Misfit(["kernel": 2], [1, 3], [1, 1, 1], .shapeMismatch),
        Misfit(["kernel": [2, 2]], [2, 2], [0, 0, 0, 0], .outOfRange),
        Misfit(["padding": [[1, 0], [0, 0]], "stride": 1], [2, 2], [1, 0, 0, 0], .emptyWindow),
        Misfit(["padding": 1, "stride": 1], [3, 3], [1, 0, 1, 0, 0, 0, 0, 0, 0], .emptyWindow),
        Misfit(["region": "global"], [1, 1], [1], .unusedField),
    ]

    @Test(arguments: misfits)
    func `a footprint that does not fit is rejected`(_ misfit: Misfit) throws {
        var asked = request("max", [:], input: nine, [.footprint: booleans(misfit.cells, misfit.shape)])
        asked.fields += misfit.fields
        let rejection = try #require(asked.rejection)
        #expect(rejection.reason == misfit.reason && rejection.field == "footprint", "\(rejection)")
    }

    @Test(arguments: [(2048, PoolingError.Reason.emptyWindow), (2049, .workTooLarge)])
    func `border windows of many axes are looked at up to a number of cells`(
        _ count: Int, _ reason: PoolingError.Reason
    ) throws {
        let kernel = [4, 4, 4, 4, 4, 2, 2]
        let strides = [1024, 256, 64, 16, 4, 2, 1]
        // The first window has the cells alone that are no first ones along any axis: none of these takes part.
        let cells = (0..<4096).filter { cell in zip(kernel, strides).contains { cell / $1 % $0 == 0 } }.prefix(count)
        var footprint = [Int64](repeating: 0, count: 4096)
        for cell in cells { footprint[cell] = 1 }
        let asked = request(
            "max", ["stride": 1, "padding": .list(kernel.map { _ in .wholes([1, 0]) })],
            input: Tensor(elementType: .float32, shape: kernel, zeroed: true),
            [.footprint: booleans(footprint, kernel)])
        #expect(asked.rejection?.reason == reason)
    }

    @Test func `a footprint may reach into the padding where another cell reads the input`() throws {
        let corners = booleans([1, 0, 0, 0, 0, 0, 0, 0, 1], [3, 3])
        let fields: Fields = ["padding": 1, "stride": 1]
        #expect(request("max", fields, input: nine, [.footprint: corners]).rejection?.reason == .emptyWindow)
        #expect(
            try output("max", ["padding": 1, "stride": 2, "padding_mode": "zeros"], [.footprint: corners]) == [
                5, 0, 0, 5,
            ])
    }

    @Test(arguments: [[2, 3], [1, 3, 3], [3, 3, 1]])
    func `a mask of another shape is rejected`(_ shape: [Int]) {
        let mask = booleans(Array(repeating: 1, count: shape.reduce(1, *)), shape)
        let rejection = request("max", ["kernel": 2], input: nine, [.mask: mask]).rejection
        #expect(rejection?.reason == .shapeMismatch && rejection?.field == "mask")
    }

    @Test(arguments: [("sequence", [3]), ("global", [3, 3])])
    func `a mask has zeros and ones alone, over every region`(_ region: String, _ shape: [Int]) {
        let ones = [Double](repeating: 1, count: shape.reduce(1, *))
        for wrong in [0.5, 2, -1] {
            let mask = Tensor([wrong] + ones.dropFirst(), shape: shape)
            let rejection = request("max", ["region": .string(region)], input: nine, [.mask: mask]).rejection
            #expect(rejection?.reason == .notRepresentable && rejection?.field == "mask")
        }
        let mask = Tensor(ones, shape: shape)
        #expect(request("max", ["region": .string(region)], input: nine, [.mask: mask]).rejection == nil)
    }

    @Test func `empty_value is a number of the dtype, of regions that can be empty`() {
        let integers = Tensor(whole: [1, 2], shape: [2, 1])
        let ids: [TensorName: Tensor] = [.segmentIDs: Tensor(whole: [0, 0], shape: [2])]
        let rejection = request("max", ["region": "segments", "empty_value": "-Infinity"], input: integers, ids)
            .rejection
        #expect(rejection?.reason == .notRepresentable && rejection?.field == "empty_value")
        let roiAlign = request(
            "avg", ["region": "roi_align", "output_size": 1, "empty_value": 1],
            input: Tensor(elementType: .float32, shape: [1, 1, 2, 2], zeroed: true),
            [.rois: Tensor([0, 0, 0, 1, 1], shape: [1, 5], .float64)])
        #expect(roiAlign.rejection?.reason == .unusedField)
    }
}
