import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct AvgOpTests {
    @Test func `each window becomes its mean, its gradient in quarters`() throws {
        let forward = request("avg", ["kernel": [2, 2]], input: sixteen)
        #expect(try forward.result(.output).realElements == [3.5, 5.5, 11.5, 13.5])
        let gradient = try forward.backward(Tensor([4, 8, 12, 16], shape: [2, 2])).result(.gradInput)
        #expect(gradient.realElements == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
        #expect(try pooled("avg", [1, 1, 5, 6]) == 3.25)
    }

    @Test func `the gradient needs no input`() throws {
        let backward = request(
            .backward, ["op": "avg", "kernel": [2], "input_shape": [4]], [.gradOutput: row([2, 6])])
        #expect(try backward.result(.gradInput).realElements == [1, 1, 3, 3])
    }

    @Test func `numeric padding counts, padding by name does not`() throws {
        func mean(_ padding: FieldValue, _ more: Fields = [:]) throws -> [Double] {
            let fields = [Field("kernel", [3]), Field("stride", 2), Field("padding", padding)] + [Field](more)
            return try worked("avg", fields, row([6, 6, 6])).realElements
        }
        #expect(try mean(1) == [4, 4])
        #expect(try mean(1, ["count_include_pad": false]) == [6, 6])
        #expect(try mean("same") == [6, 6])
        #expect(try mean("same", ["count_include_pad": true]) == [4, 4])
    }

    @Test func `cells beyond the declared padding never count`() throws {
        // The last of three windows covers positions 3, 4 and 5: an element, a declared pad and nothing.
        let fields: Fields = ["kernel": [3], "stride": 2, "padding": 1, "ceil_mode": true]
        #expect(try request("avg", fields, input: row([6, 6, 6, 6])).result(.output).realElements == [4, 6, 3])
    }

    @Test func `a divisor of one's own beats every count`() throws {
        #expect(
            try request("avg", ["kernel": [2], "divisor_override": -4], input: row([1, 3])).result(.output).realElements
                == [-1])
    }

    @Test func `an integer average rounds half to even`() throws {
        let input = Tensor(whole: [1, 2, 2, 3, -2, -3, -1, -2], shape: [8], .int8)
        #expect(try request("avg", ["kernel": [2]], input: input).result(.output).wholeElements == [2, 2, -2, -2])
    }

    @Test func `large integers lose no digit`() throws {
        let large = Int64.max
        let input = Tensor(whole: [large, large - 2], shape: [2], .int64)
        #expect(try request("avg", ["kernel": [2]], input: input).result(.output).wholeElements == [large - 1])
    }

    @Test func `half-precision sums do not overflow on the way`() throws {
        #expect(try pooled("avg", [60000, 60000, 60000, 60000], [:], .float16) == 60000)
    }

    @Test func `a sum beyond the type is an infinity`() throws {
        #expect(try pooled("sum", [3e38, 3e38], [:], .float32) == .infinity)
    }
}
