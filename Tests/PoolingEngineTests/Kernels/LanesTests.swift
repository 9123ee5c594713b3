import Foundation
import Testing

@testable import PoolingEngine

/// Holds the functions that are computed side by side to the C library's.
@Suite struct LanesTests {
    /// Single-precision numbers of all exponents and both signs, NaN and infinities among them.
    private static let singles = stride(from: UInt32(0), through: .max, by: 104_729).map {
        Double(Float(bitPattern: $0))
    }
    /// Double-precision numbers of all exponents above 0.
    private static let doubles = stride(from: UInt64(1), to: 0x7FF0_0000_0000_0000, by: 0xFFFF_FFFF_FFFF).map {
        Double(bitPattern: $0)
    }
    private static let ends = [
        0, -0.0, .infinity, -.infinity, .nan, 1, -1, 709.78, 709.79, -708.4, -745.1, -745.2, .leastNonzeroMagnitude,
        .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    ]

    @Test func `exponentials are exact to a unit and a half`() {
        let exponents = stride(from: -746.0, through: 711, by: 0.0837).map { $0 }
        expect(Self.singles + Self.ends + exponents, { $0.exponential }, exp)
        expect(exponents.filter { $0.magnitude <= Lanes.safeExponent }, { $0.safeExponential }, exp)
    }

    @Test func `logarithms are exact to a unit and a half`() {
        let nearOne = stride(from: 0.5, through: 2, by: 0.00037).map { $0 }
        expect(Self.singles + Self.doubles + Self.ends + nearOne, { $0.logarithm }, log)
    }

    @Test(arguments: [-2.5, 0, 0.5, 1, 1 / 3.0, 2, 3, 4.5])
    func `powers keep their bound`(_ exponent: Double) {
        let power = Power<Double>(exponent: exponent)
        for x in (Self.singles + Self.ends).filter({ $0 >= 0 }) {
            let (got, want) = (power(Lanes(repeating: x))[0], pow(x, exponent))
            let bound = (2 + (exponent * log(x)).magnitude) * 0x1p-52
            let isClose = got == want || (got - want).magnitude <= bound * want || (want < 1e-300 && got < 1e-300)
            #expect(isClose, "\(x): \(got), expected \(want)")
        }
    }

    @Test func `single precision has the functions that it needs`() {
        let small = stride(from: -Lanes.safeExponent, through: Lanes.safeExponent, by: 0.0837).map { $0 }
        expect(small + [0], Float.safeExponential, exp, within: 0x1p-32)
        expect(Self.singles + [0, 1], Float.logarithm, log, within: 0x1p-36)
        #expect(Float.safeExponential(.zero) == Lanes(repeating: 1) && Float.logarithm(Lanes(repeating: 1)) == .zero)
        for exponent in [-2.5, 1 / 3.0, 4.5] {
            let inRange = Self.singles.filter { $0 >= 0 && (exponent * log2($0)).magnitude < 1000 }
            let numbers = inRange + [0, .infinity, .nan, 1]
            expect(numbers, { Float.power($0, exponent) }, { pow($0, exponent) }, within: 0x1p-26)
        }
    }

    /// Every float32 in range is within the same bound: `make long-test`.
    @Test(arguments: [1.0, -0.5]) func `exponentials in single precision are within a unit and a half`(_ rate: Double) {
        var numbers = stride(from: Float(-86), through: 88, by: 0.000_917).map { $0 / Float(rate) }
        numbers += [0, -0.0, 1e-30, -.leastNonzeroMagnitude]
        numbers += [Float](repeating: 0, count: 15 - (numbers.count - 1) % 16)
        for start in stride(from: 0, to: numbers.count, by: 16) {
            let results = exponentials(numbers[start..<start + 16], rate)
            for (lane, x) in numbers[start..<start + 16].enumerated() {
                let want = exp(rate * Double(x))
                #expect((Double(results[lane]) - want).magnitude <= want * pow(2, -23.5), "\(x)")
            }
        }
    }

    @Test func `exponentials in single precision out of range are 0, the largest or NaN`() {
        let withPayload = Float(bitPattern: 0x7FC0_0001)
        let numbers: [Float] = [-86.1, -1e30, -.infinity, 88.1, 3e38, .infinity, .nan, withPayload, -withPayload, 0]
        let results = exponentials((numbers + [Float](repeating: 0, count: 6))[...], 1)
        let largest = exponentials([Float](repeating: 88, count: 16)[...], 1)[0]
        #expect((0..<3).allSatisfy { results[$0] == 0 })
        #expect((3..<6).allSatisfy { results[$0] == largest })
        #expect((6..<9).allSatisfy { results[$0].isNaN })
        #expect(results[9] == 1)
    }

    @Test func `logarithms in single precision are within a unit and a half`() {
        let numbers = Self.singles.map { Float($0) }.filter { $0.isNormal && $0 > 0 } + [1, 0.99999994, 1.0000001]
        for start in stride(from: 0, through: numbers.count - 16, by: 16) {
            let results = Float.logarithms(SIMD16(numbers[start..<start + 16]), of: Float.self)
            for (lane, x) in numbers[start..<start + 16].enumerated() {
                let want = log(Double(x))
                #expect((Double(results[lane]) - want).magnitude <= want.magnitude * pow(2, -23.5), "\(x)")
            }
        }
    }

    private func exponentials(_ numbers: ArraySlice<Float>, _ rate: Double) -> SIMD16<Float> {
        Float.exponentials(SIMD16(numbers), rate: rate, of: Float.self)
    }

    @Test func `all lanes are folded`() {
        let lanes: Lanes = [1, 2, 3, 4, 5, 6, 7, 80]
        #expect(lanes.folded(+) == Lanes(repeating: 108))
        #expect(lanes.folded(Lanes.larger) == Lanes(repeating: 80))
        #expect(lanes.allLie(within: 1, 80) && !lanes.allLie(within: 1, 79) && !lanes.allLie(within: 2, 80))
        #expect(!lanes.replacing(with: .nan, where: lanes .== 4).allLie(within: -.infinity, .infinity))
    }

    /// - Parameter bound: of the relative error; 1.5 units in the last place without it.
    private func expect(
        _ numbers: [Double], _ function: (Lanes) -> Lanes, _ library: (Double) -> Double, within bound: Double? = nil
    ) {
        for start in stride(from: 0, to: numbers.count, by: Lanes.scalarCount) {
            var lanes = Lanes.zero
            let part = numbers[start..<min(start + Lanes.scalarCount, numbers.count)]
            for (lane, number) in part.enumerated() { lanes[lane] = number }
            let results = function(lanes)
            for (lane, number) in part.enumerated() {
                let (got, want) = (results[lane], library(number))
                let isSame = got == want || (got.isNaN && want.isNaN)
                let most = bound.map { $0 * want.magnitude } ?? 1.5 * want.ulp
                #expect(isSame || (got - want).magnitude <= most, "\(number): \(got), expected \(want)")
            }
        }
    }
}
