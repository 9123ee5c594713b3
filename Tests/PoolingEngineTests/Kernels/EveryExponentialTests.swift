import Foundation
import Testing

@testable import PoolingEngine

/// Two billion numbers take minutes even where the code is optimised.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["POOLING_LONG_TESTS"] == "1", "takes minutes; `make long-test` runs it")
)
struct EveryExponentialTests {
    /// The parts run at the same time, one on each core.
    @Test(arguments: 0..<64 as Range<UInt32>)
    func `exponentials and logarithms of every float32 are within a unit and a half`(_ part: UInt32) {
        let bound = pow(2, -23.5)
        func isClose(_ got: Float, _ want: Double) -> Bool { (Double(got) - want).magnitude <= want.magnitude * bound }
        for first in stride(from: part << 26, through: part << 26 | 0x3ff_fff0, by: 16) {
            var numbers = SIMD16<Float>()
            for lane in 0..<16 { numbers[lane] = Float(bitPattern: first + UInt32(lane)) }
            let exponentials = Float.exponentials(numbers, rate: 1, of: Float.self)
            let logarithms = Float.logarithms(numbers, of: Float.self)
            for lane in 0..<16 {
                let x = Double(numbers[lane])
                let isExponential = !Float.exponents.contains(x) || isClose(exponentials[lane], exp(x))
                let isLogarithm = !(x > 0 && numbers[lane].isNormal) || isClose(logarithms[lane], log(x))
                guard isExponential, isLogarithm else {
                    Issue.record("\(x): \(exponentials[lane]), \(logarithms[lane])")
                    return
                }
            }
        }
    }
}
