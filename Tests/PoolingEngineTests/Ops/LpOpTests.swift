import PoolingEngine
import PoolingTestKit
import Testing

@Suite struct LpOpTests {
    @Test func `p of 2 is the length`() throws {
        #expect(try pooled("lp", [3, -4]) == 5)
        #expect(isClose(try slopes("lp", [3, -4]), [0.6, -0.8]))
    }

    @Test func `an infinite p is the largest size`() throws {
        #expect(try pooled("lp", [3, -4], ["p": "Infinity"]) == 4)
    }

    @Test func `nothing overflows where the result fits`() throws {
        #expect(isClose(try pooled("lp", [3e200, 4e200]) / 1e200, 5))
        #expect(try pooled("lp", [3e30, 4e30], [:], .float32) == Double(Float(5e30)))
    }

    @Test func `a window of zeros has no slope`() throws {
        #expect(try slopes("lp", [0, 0]) == [0, 0])
        #expect(try slopes("lp", [0, 3]) == [0, 1])
    }

    @Test func `padding and clipped windows count real elements only`() throws {
        let fields: Fields = ["kernel": [2], "ceil_mode": true, "p": 1]
        #expect(try request("lp", fields, input: row([1, 1, 1, 1, 1])).result(.output).realElements == [2, 2, 1])
    }

    @Test func `the signed sum of p = 1 keeps its sign`() throws {
        #expect(try pooled("lp", [-3, 1], ["p": 1, "signed": true]) == -2)
        #expect(try slopes("lp", [-3, 1], ["p": 1, "signed": true]) == [1, 1])
    }

    @Test func `a signed root of a negative sum is NaN`() throws {
        #expect(try pooled("lp", [-3, 1], ["p": 3, "signed": true]).isNaN)
        #expect(isClose(try pooled("lp", [-1, 2], ["p": 3, "signed": true]), 1.9129311827723892))
    }

    @Test func `a signed sum of zero has no slope`() throws {
        #expect(try pooled("lp", [-2, 2], ["p": 3, "signed": true]) == 0)
        #expect(try slopes("lp", [-2, 2], ["p": 3, "signed": true]) == [0, 0])
    }

    @Test func `a signed window that ceil mode clips is scaled to the whole kernel`() throws {
        let fields: Fields = ["kernel": [2], "ceil_mode": true, "p": 1, "signed": true]
        let forward = request("lp", fields, input: row([1, 1, 1, 1, 1]))
        #expect(try forward.result(.output).realElements == [2, 2, 2])
        #expect(try forward.backward(row([1, 1, 1])).result(.gradInput).realElements == [1, 1, 1, 1, 2])
    }

    @Test func `declared padding is part of a signed window`() throws {
        let fields: Fields = ["kernel": [2], "padding": [1], "p": 1, "signed": true]
        #expect(try request("lp", fields, input: row([1, 1])).result(.output).realElements == [1, 1])
    }

    @Test(arguments: [7.396755142414877e77, 3.1e-60, 1e30, 0.1])
    func `the cube root of a cube is the number`(_ number: Double) throws {
        let norm = try pooled("lp", [number], ["p": 3])
        #expect((norm / number - 1).magnitude <= 1e-15)
    }
}
