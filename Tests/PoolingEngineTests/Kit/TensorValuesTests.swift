import PoolingEngine
import PoolingTestKit
import Testing

/// The test kit's own arithmetic, which every other suite leans on.
@Suite struct TensorValuesTests {
    @Test(
        arguments: [
            (1.0, 0x3C00), (-2.0, 0xC000), (65504.0, 0x7BFF), (65519.0, 0x7BFF), (65520.0, 0x7C00), (0x1p-24, 0x0001),
            (0x1p-25, 0x0000), (0x1.8p-24, 0x0002), (0x1.002p0, 0x3C00), (0x1.006p0, 0x3C02), (-0.0, 0x8000),
        ] as [(Double, UInt16)])
    func `float16 rounds to nearest, ties to even`(_ value: Double, _ bits: UInt16) {
        #expect(FloatBits.float16.encode(value) == bits)
    }

    @Test(
        arguments: [
            (1.0, 0x3F80), (0x1.01p0, 0x3F80), (0x1.03p0, 0x3F82), (3.4e38, 0x7F80), (-.infinity, 0xFF80),
            (0x1p-133, 0x0001),
        ] as [(Double, UInt16)])
    func `bfloat16 rounds to nearest, ties to even`(_ value: Double, _ bits: UInt16) {
        #expect(FloatBits.bfloat16.encode(value) == bits)
    }

    @Test(arguments: [FloatBits.float16, .bfloat16])
    func `every 16-bit number survives the way out and back`(_ format: FloatBits) {
        let bad = (0...UInt16.max).first { bits in
            let value = format.decode(bits)
            return !value.isNaN && format.encode(value) != bits
        }
        #expect(bad == nil)
    }

    @Test(arguments: ElementType.allCases.filter { $0 != .bool })
    func `the engine reads the numbers that the kit wrote`(_ type: ElementType) {
        let tensor = Tensor(whole: [0, 1, 100, 7], shape: [2, 2], type)
        #expect(tensor.doubles == [0, 1, 100, 7])
        #expect(tensor.realElements == tensor.doubles)
    }
}
