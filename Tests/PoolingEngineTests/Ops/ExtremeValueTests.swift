import Foundation
import PoolingEngine
import PoolingTestKit
import Testing

/// What ops make of equal, huge, tiny and infinite elements, where a plain formula would lose the result.
@Suite struct ExtremeValueTests {
    @Test(arguments: ShapeCorpus.all.filter(\.poolsElementsAlone))
    func `equal elements deviate by exactly 0 in every region`(_ layer: NamedLayer) throws {
        for op in NamedOp.all where ["std", "variance"].contains(op.op) && !layer.rejects(op) && op.fields.isEmpty {
            let forward = layer.request(op, input: ValueCorpus.tenths.tensor(shape: layer.shape, .float64))
            #expect(try forward.result(.output).realElements.allSatisfy { $0 == 0 }, "\(op)")
            let gradOutput = layer.gradOutput(try layer.oracle(), .float64)
            let gradients = try forward.backward(gradOutput).result(.gradInput).realElements
            #expect(gradients.allSatisfy { $0 == 0 }, "\(op)")
        }
    }

    @Test(arguments: [1e200, 1e-200, 0x1p-1030, 1e300])
    func `deviations are scaled where their squares are out of range`(_ size: Double) throws {
        for count in [2, 40] {
            let signs = (0..<count).map { $0.isMultiple(of: 2) ? 1.0 : -1 }
            #expect(try isClose(pooled("std", signs.map { $0 * size }) / size, 1))
            #expect(try isClose(slopes("std", signs.map { $0 * size }), signs.map { $0 / Double(count) }))
        }
        #expect(try isClose(slopes("variance", [size, -size]).map { $0 / size }, [1, -1]))
    }

    @Test(arguments: [1.0, -1])
    func `infinite elements of softmax are limits`(_ sign: Double) throws {
        let (inf, beta) = (Double.infinity, FieldValue.number(FieldNumber(value: sign, whole: nil)))
        func mean(_ values: [Double]) throws -> Double {
            try pooled("softmax", values.map { $0 * sign }, ["beta": beta])
        }
        func slope(_ values: [Double]) throws -> [Double] {
            try slopes("softmax", values.map { $0 * sign }, ["beta": beta])
        }
        for more in [0, 60] {
            // Windows that are folded in parts, too.
            let least = [Double](repeating: -inf, count: more)
            #expect(try mean([-inf, 1] + least) == sign)
            #expect(try mean([-inf, -inf] + least) == -inf * sign)
            #expect(try mean([inf, 1] + least) == inf * sign)
            #expect(try slope([-inf, 1] + least) == [0, 1] + least.map { _ in 0 })
            #expect(try slope([inf, 1] + least) == [1, 0] + least.map { _ in 0 })
            #expect(try slope([inf, inf] + least) == [0.5, 0.5] + least.map { _ in 0 })
            let even = 1 / Double(2 + more)
            #expect(try isClose(slope([-inf, -inf] + least), [even, even] + least.map { _ in even }))
        }
        #expect(try mean([.nan, inf]).isNaN)
    }

    @Test func `softmax of finite elements is finite whatever their size`() throws {
        #expect(try pooled("softmax", [1e308, -1e308]) == 1e308)
        #expect(try slopes("softmax", [1e308, -1e308]) == [1, 0])
        #expect(try pooled("softmax", [1e308, 1e308], ["beta": 0]) == 1e308)
        #expect(try isClose(pooled("softmax", [700, 701]), 701 - 1 / (1 + 2.718281828459045)))
    }

    @Test func `logsumexp of nothing but the least element has no slope`() throws {
        let inf = Double.infinity
        for values in [[-inf, -inf], [Double](repeating: -inf, count: 50)] {
            #expect(try pooled("logsumexp", values) == -inf)
            #expect(try slopes("logsumexp", values) == values.map { _ in 0 })
            #expect(try pooled("logsumexp", values.map { -$0 }, ["r": -1]) == inf)
            #expect(try slopes("logsumexp", values.map { -$0 }, ["r": -1]) == values.map { _ in 0 })
        }
        #expect(try pooled("logsumexp", [inf, 1]) == inf)
        #expect(try slopes("logsumexp", [inf, 1, -inf]) == [1, 0, 0])
        #expect(try isClose(pooled("logsumexp", [-inf, 0]), -0.6931471805599453))
    }

    @Test func `weights that add up to 0 give 0 and no gradient`() throws {
        for count in [2, 40] {
            let weights = (0..<count).map { $0.isMultiple(of: 2) ? 1.0 : -1 }
            let forward = request(
                "weighted", ["kernel": [.number(FieldNumber(count))], "normalize": true],
                input: row(weights.indices.map { Double($0) }), [.weights: row(weights)])
            #expect(try forward.result(.output).realElements == [0])
            let result = try forward.backward(row([1])).run()
            #expect(result[.gradInput]?.realElements == weights.map { _ in 0 })
            #expect(result[.gradWeights]?.realElements == weights.map { _ in 0 })
        }
    }

    @Test(arguments: [1e-300, 1e300])
    func `norms and means are scaled where their powers are out of range`(_ size: Double) throws {
        for p in [0.5, 2, 3, 4.5] {
            let power: Fields = ["p": .number(FieldNumber(value: p, whole: nil))]
            for count in [2, 40] {
                let values = [Double](repeating: size, count: count)
                #expect(try isClose(pooled("lp", values, power) / size, expected(count, p)))
                let mean: Fields = ["p": .number(FieldNumber(value: p, whole: nil)), "eps": 1e-305]
                #expect(try isClose(pooled("power_avg", values, mean) / size, 1))
                let slope = pow(1 / expected(count, p), p - 1)
                #expect(try isClose(slopes("lp", values, power), values.map { _ in slope }))
            }
        }
        #expect(
            try isClose(pooled("power_avg", [size, 2 * size], ["p": -80, "eps": 1e-305]) / size, 1.008701983790399))
    }

    /// The norm of `count` ones.
    private func expected(_ count: Int, _ p: Double) -> Double { pow(Double(count), 1 / p) }

    @Test(arguments: NamedOp.ofWindowsAlone.filter { $0.needs == .nothing })
    func `extreme windows change nothing in those next to them`(_ op: NamedOp) throws {
        let layer = NamedLayer("planes", [12, 2, 5, 7], ["kernel": [3, 2], "stride": 2])
        let single = NamedLayer("plane", [1, 2, 5, 7], ["kernel": [3, 2], "stride": 2])
        for type in [ElementType.float32, .float64] {
            let corpora = [ValueCorpus.normal, .special, .huge, .tiny, .tenths, .negative]
            let planes = (0..<12).map { number in
                corpora[number % corpora.count].tensor(shape: single.shape, type, seed: UInt64(number))
            }
            let values = planes.flatMap(\.realElements)
            let together = layer.request(op, input: Tensor(values, shape: layer.shape, type))
            let forward = try together.result(.output).realElements
            let outputShape = try together.result(.output).shape
            let incoming = ValueCorpus.normal.tensor(shape: outputShape, type)
            let backward = try together.backward(incoming).result(.gradInput).realElements
            let outputs = outputShape.dropFirst().reduce(1, *)
            for (number, plane) in planes.enumerated() {
                let alone = single.request(op, input: plane)
                let part = Array(incoming.realElements[number * outputs..<(number + 1) * outputs])
                let gradOutput = Tensor(part, shape: [1] + outputShape.dropFirst(), type)
                let value = try alone.result(.output).realElements
                let isSame = Self.same(Array(forward[number * outputs..<(number + 1) * outputs]), value)
                #expect(isSame, "\(type) \(number)")
                let gradient = try alone.backward(gradOutput).result(.gradInput).realElements
                let hasSame = Self.same(Array(backward[number * 70..<(number + 1) * 70]), gradient)
                #expect(hasSame, "\(type) \(number), gradient")
            }
        }
    }

    private static func same(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }
}

extension NamedLayer {
    /// Whether no padding takes part, and no window has a value without elements.
    fileprivate var poolsElementsAlone: Bool {
        !fields.contains { ["padding_mode", "empty_value"].contains($0.name) }
    }
}
