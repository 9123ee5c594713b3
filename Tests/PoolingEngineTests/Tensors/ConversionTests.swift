import PoolingEngine
import PoolingTestKit
import Testing

/// `dtype` with a tensor of another type, and pictures.
@Suite struct ConversionTests {
    private func whole(
        _ op: String, _ values: [Int64], _ type: ElementType, as wanted: ElementType?, isPicture: Bool = false
    ) -> PoolingRequest {
        var request = request(op, ["region": "global"], input: Tensor(whole: values, shape: [values.count], type))
        request.elementType = wanted
        request.isPicture = isPicture
        return request
    }

    @Test func `a tensor is converted to the dtype before it is pooled`() throws {
        let mean = try whole("avg", [1, 2, 4, 8], .uint8, as: .float32).result(.output)
        #expect(mean.elementType == .float32)
        #expect(mean.realElements == [3.75])
        let sum = try whole("sum", [200, 200], .uint8, as: .int64).result(.output)
        #expect(sum.elementType == .int64)
        #expect(sum.wholeElements == [400])
    }

    @Test func `whole numbers lose no digit on the way`() throws {
        let largest = try whole("max", [.max - 1, 3], .int64, as: .int64).result(.output)
        #expect(largest.wholeElements == [.max - 1])
        #expect(whole("max", [.max, 3], .int64, as: .int32).rejection?.reason == .notRepresentable)
    }

    @Test(
        arguments: [
            (300, ElementType.int16, ElementType.int8), (-1, .int8, .uint8), (2, .uint8, .bool),
            (1 << 20, .int32, .float16),
        ] as [(Int64, ElementType, ElementType)])
    func `a number that the dtype cannot hold is rejected with its place`(
        _ number: Int64, _ from: ElementType, _ to: ElementType
    ) {
        let rejection = whole("max", [0, 1, number], from, as: to).rejection
        #expect(rejection?.reason == .notRepresentable)
        #expect(rejection?.field == "input")
        #expect(rejection?.detail.contains("element 2 of 'input' is \(number)") == true)
    }

    @Test func `fractions and infinities have no integer`() {
        for value in [0.5, .infinity, .nan] {
            var request = request("max", ["region": "global"], input: Tensor([1, value], shape: [2], .float64))
            request.elementType = .int32
            #expect(request.rejection?.reason == .notRepresentable)
        }
    }

    /// 1 + 2^-8 + 2^-40 lies just above the middle of two bfloat16 numbers; by way of float32 it would be the middle.
    @Test func `rounding happens once`() throws {
        for (value, type, nearest) in [
            (1 + 0x1p-8 + 0x1p-40, ElementType.bfloat16, 1 + 0x1p-7), (1 + 0x1p-11 + 0x1p-40, .float16, 1 + 0x1p-10),
        ] {
            var request = request("max", ["region": "global"], input: Tensor([value], shape: [1], .float64))
            request.elementType = type
            #expect(try request.result(.output).realElements == [nearest])
        }
    }

    @Test func `gradients and their inputs are converted too`() throws {
        var request = request("max", ["region": "global"], input: Tensor(whole: [1, 5, 2], shape: [3], .uint8))
            .backward(Tensor(whole: [3], shape: [1], .int32))
        request.elementType = .float32
        let gradient = try request.result(.gradInput)
        #expect(gradient.elementType == .float32)
        #expect(gradient.realElements == [0, 3, 0])
    }

    @Test func `all slices find the first number that does not fit`() throws {
        var values = [Int64](repeating: 1, count: 100_000)
        (values[50_000], values[90_000]) = (1000, 2000)
        let request = whole("max", values, .int16, as: .int8)
        #expect(throws: PoolingError.self) { try request.run(slices: 8) }
        do { _ = try request.run(slices: 8) } catch { #expect(error.detail.contains("element 50000 ")) }
    }

    @Test func `a picture comes back with its own depth, rounded half to even and clamped`() throws {
        let cases: [(String, [Int64], Int64)] = [
            ("sum", [200, 200], 255), ("std", [0, 255], 128), ("lp", [255, 255], 255), ("avg", [1, 2], 2),
            ("logsumexp", [7, 7], 7),
        ]
        for (op, values, expected) in cases {
            let output = try whole(op, values, .uint8, as: nil, isPicture: true).result(.output)
            #expect(output.elementType == .uint8, "\(op)")
            #expect(output.wholeElements == [expected], "\(op)")
        }
    }

    @Test func `a picture with a dtype becomes a tensor of that type`() throws {
        let output = try whole("sum", [200, 200], .uint8, as: .float32, isPicture: true).result(.output)
        #expect(output.elementType == .float32)
        #expect(output.realElements == [400])
    }

    @Test(arguments: [("max", [1]), ("min", [0]), ("first", [0]), ("last", [1])] as [(String, [Int64])])
    func `booleans are compared and taken`(_ op: String, _ expected: [Int64]) throws {
        let output = try whole(op, [0, 1, 1], .bool, as: .bool).result(.output)
        #expect(output.elementType == .bool)
        #expect(output.wholeElements == expected)
    }

    @Test func `booleans are not added up`() {
        #expect(whole("sum", [0, 1], .bool, as: .bool).rejection?.field == "dtype")
    }

    @Test func `a plan that is remembered knows its dtype`() throws {
        let cache = PlanCache()
        for (type, expected) in [(ElementType.float32, 1.5), (.float64, 1.5), (.int32, 2)] {
            let asked = whole("avg", [1, 2], .uint8, as: type)
            let output = try cache.plan(asked, limits: .roomy).execute(Operands(asked))[.output]
            #expect(output?.elementType == type)
            #expect(output?.doubles == [expected])
        }
    }
}
