import PoolingEngine
import PoolingTestKit
import Testing

/// Grey dilation and erosion: max and min with a structuring element.
@Suite struct StructuringElementTests {
    private func output(_ op: String, _ fields: Fields, _ structure: Tensor, _ values: [Double]) throws -> [Double] {
        try request(op, fields, input: row(values), [.structure: structure]).result(.output).realElements
    }

    @Test func `max adds, min subtracts, and the structure gives the kernel`() throws {
        let structure = row([0, 10, -1])
        #expect(try output("max", ["stride": 1], structure, [1, 2, 30, 4]) == [29, 40])
        #expect(try output("min", ["stride": 1], structure, [1, 2, 30, 4]) == [-8, 2])
    }

    @Test func `erosion is dilation of the negative`() throws {
        let structure = row([0.5, -1, 2])
        let values = [3.0, -1, 4, 1, -5, 9]
        let eroded = try output("min", ["stride": 1], structure, values)
        #expect(try output("max", ["stride": 1], structure, values.map { -$0 }) == eroded.map { -$0 })
    }

    @Test(arguments: ["max", "min"])
    func `minus infinity takes a cell out`(_ op: String) throws {
        let structure = row([-.infinity, 0])
        #expect(try output(op, ["stride": 1], structure, [9, 1, -9, 4]) == [1, -9, 4])
    }

    @Test func `sums decide which cell is named, the first of equals`() throws {
        let fields: Fields = ["stride": 3, "return_indices": true]
        let asked = request("max", fields, input: row([3, 2, 1]), [.structure: row([0, 1, 2])])
        #expect(try asked.result(.indices).wholeElements == [0])
    }

    @Test(arguments: ["max", "min"])
    func `random elements agree with the oracle, gradients too`(_ op: String) throws {
        var random = SplitMix64(seed: 41)
        for number in 0..<40 {
            let request = structured(op, &random, number.isMultiple(of: 2) ? .float64 : .float16)
            let oracle: Oracle
            do {
                oracle = try Oracle(request)
            } catch is OracleFailure {
                #expect(throws: PoolingError.self, "\(request.brief)") { try request.run() }
                continue
            }
            let result = try request.run()
            let output = try #require(result[.output])
            #expect(
                Agreement.difference(output, try oracle.output(), terms: 1, isExact: true) == nil, "\(request.brief)")
            #expect(try result[.indices]?.wholeElements == oracle.indices(), "\(request.brief)")
            let gradOutput = ValueCorpus.normal.tensor(shape: oracle.outputShape, output.elementType)
            let gradients = try request.backward(gradOutput).run()
            let gradStructure = try #require(gradients[.gradStructure])
            let want = try oracle.gradStructure(gradOutput.realElements)
            #expect(Agreement.difference(gradStructure, want, terms: oracle.windowCount) == nil, "\(request.brief)")
            let gradInput = try #require(gradients[.gradInput])
            let wantInput = try oracle.gradInput(gradOutput.realElements)
            #expect(Agreement.difference(gradInput, wantInput, terms: oracle.windowCount) == nil, "\(request.brief)")
            let fromIndices = try request.backward(gradOutput, indices: try #require(result[.indices])).run()
            #expect(fromIndices[.gradStructure] == nil)
            #expect(fromIndices[.gradInput]?.realElements == gradInput.realElements)
        }
    }

    private func structured(_ op: String, _ random: inout SplitMix64, _ type: ElementType) -> PoolingRequest {
        let kernel = [random.whole(1...3), random.whole(1...3)]
        let shape = [2, random.whole(3...6), random.whole(3...6)]
        let isPerChannel = random.chance(0.5)
        let isLast = random.chance(0.3)
        let channels = isLast ? shape[2] : shape[0]
        let count = kernel.reduce(1, *) * (isPerChannel ? channels : 1)
        let numbers = (0..<count).map { _ in random.chance(0.2) ? -.infinity : Double(random.whole(-8...8)) / 4 }
        var tensors: [TensorName: Tensor] = [
            .structure: Tensor(numbers, shape: (isPerChannel ? [channels] : []) + kernel, type)
        ]
        let extents = isLast ? Array(shape[..<2]) : Array(shape[1...])
        if random.chance(0.3) {
            let mask = (0..<extents.reduce(1, *)).map { _ in Int64(random.chance(0.6) ? 1 : 0) }
            tensors[.mask] = Tensor(whole: mask, shape: extents, .bool)
        }
        var asked = request(
            op, [:], input: ValueCorpus.manyTies.tensor(shape: shape, type, seed: random.next()), tensors)
        asked.fields += [
            Field("kernel", .wholes(kernel)), Field("stride", .whole(random.whole(1...2))),
            Field("return_indices", true), Field("nan", .string(random.element(of: ["propagate", "ignore"]))),
        ]
        if isLast { asked.fields.append(Field("layout", "channels_last")) }
        return asked
    }

    @Test func `gradients are what finite differences measure`() throws {
        let input = ValueCorpus.normal.tensor(shape: [2, 4, 5], .float64)
        let structure = Tensor([0.5, -.infinity, -0.25, 0, 1, 0.125], shape: [3, 2], .float64)
        let forward = request("min", ["stride": 1], input: input, [.structure: structure])
        let gradOutput = try forward.gradOutput(.float64)
        let result = try forward.backward(gradOutput).run()
        for (name, gradient) in [(TensorName.input, PoolingResult.Name.gradInput), (.structure, .gradStructure)] {
            let measured = try FiniteDifferences.gradient(of: forward, gradOutput, with: name)
            let got = result[gradient]?.realElements ?? []
            #expect(
                zip(got, measured).allSatisfy { ($0 - $1).magnitude < 1e-7 } && got.count == measured.count, "\(name)")
        }
    }

    private static let senseless: [Tensor] = [
        Tensor([1, .infinity], shape: [2]), Tensor([.nan, 1], shape: [2]),
        Tensor([-.infinity, -.infinity], shape: [2]), Tensor([1, 2, 3], shape: [3]), Tensor([1, 2], shape: [1, 2]),
    ]

    @Test(arguments: senseless.indices)
    func `a structure without sense is rejected`(_ number: Int) throws {
        let asked = request("max", ["kernel": [2]], input: row([1, 2, 3]), [.structure: Self.senseless[number]])
        let rejection = try #require(asked.rejection)
        #expect(rejection.field == "structure")
        #expect(rejection.reason == (number < 3 ? .outOfRange : .shapeMismatch), "\(rejection)")
    }

    @Test func `integers have no structuring element, and other ops neither`() {
        let structure = Tensor([0, 1], shape: [2])
        let integers = Tensor(whole: [1, 2, 3], shape: [3], .int32)
        #expect(
            request("max", [:], input: integers, [.structure: structure]).rejection?.reason == .unsupportedCombination)
        let average = request("avg", ["kernel": [2]], input: row([1, 2, 3]), [.structure: structure]).rejection
        #expect(average?.reason == .unusedField && average?.field == "structure")
    }
}
