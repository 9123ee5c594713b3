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
