import Foundation
import PoolingEngine
import PoolingTestKit
import Testing

@testable import PoolingWire

/// A small repeatable source of bits (SplitMix64).
struct RepeatableBits: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}

/// The ways to read a number of the usual form: one for each kind of processor, and what this one chooses.
private enum PlainWay: CaseIterable {
    case chosen, words

    /// What it makes of a text that something follows.
    func decimal(_ text: String) -> PoolingWire.Decimal? {
        let padded = Array(text.utf8) + [UInt8](repeating: UInt8(ascii: ","), count: Decimal.plainTextReach)
        return padded.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return nil }
            switch self {
            case .chosen: return Decimal(plain: start, powers: .shared)
            case .words: return Decimal(words: start, powers: .shared)
            }
        }
    }
}

/// What the reader makes of a text, by the plain ways where they take it and always by the careful one.
private func read(_ text: String) throws -> Double {
    let padded = Array(text.utf8) + [UInt8](repeating: UInt8(ascii: ","), count: Decimal.plainTextReach)
    return try padded.withUnsafeBufferPointer { bytes in
        let number = try Decimal(bytes, from: 0)
        #expect(number.text.count == text.utf8.count)
        let value = number.double(.shared)
        #expect(number.float(.shared).bitPattern == Float(value).bitPattern, "\(text)")
        for plain in PlainWay.allCases.compactMap({ $0.decimal(text) }) {
            #expect(plain.double(.shared).bitPattern == value.bitPattern, "\(text)")
            #expect(plain.float(.shared).bitPattern == Float(value).bitPattern, "\(text)")
            #expect(plain.text.count == number.text.count, "\(text)")
        }
        return value
    }
}

private func agreesWithLibrary(_ text: String) throws -> Bool {
    try read(text).bitPattern == strtod(text, nil).bitPattern
}

private func text(
    capacity: Int = NumberText.maximumWidth, _ write: (UnsafeMutablePointer<UInt8>) -> Int
) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { room in
        guard let start = room.baseAddress else { return "" }
        return String(decoding: room[..<write(start)], as: UTF8.self)
    }
}

@Suite struct JSONNumberReadingTests {
    @Test(arguments: [
        "0", "-0", "-0.0", "0e999999999999999999999", "1", "-1", "0.1", "1e22", "1e23", "9007199254740993",
        "9007199254740992.5", "9007199254740993.0", "4503599627370497.5", "5e-324", "2.4703282292062327e-324",
        "2.4703282292062328e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "1.7976931348623157e308",
        "1.7976931348623158e308", "1.7976931348623159e308", "1e999", "1e-999", "123456789012345678901234567890",
        "0.000000000000000000000000000000000000123", "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126", "8.5", "1234567.123456789012345", "12345678",
        "0.1234567890123456", "1.7976931348623158079372897140530341507993413271003782693617377898044e308",
        "6.631236846766476e-316", "3237883913302901289588352412501532174863037669423108059901297049552301970e-100",
    ])
    func `a decimal is read as the nearest double`(_ decimal: String) throws {
        #expect(try agreesWithLibrary(decimal))
    }

    @Test func `random decimals of any length and exponent agree with the C library`() throws {
        var bits = RepeatableBits(state: 1)
        for _ in 0..<30_000 {
            var digits = String(bits.next())
            while Int.random(in: 0..<3, using: &bits) == 0 { digits += String(bits.next()) }
            digits = String(digits.prefix(Int.random(in: 1...digits.count, using: &bits)))
            let fraction = Int.random(in: 0..<3, using: &bits) == 0 ? "" : ".\(bits.next())"
            let exponent = Bool.random(using: &bits) ? "" : "e\(Int.random(in: -345...310, using: &bits))"
            #expect(try agreesWithLibrary(digits + fraction + exponent), "\(digits + fraction + exponent)")
        }
    }

    @Test func `the middle between two doubles and its neighbours are rounded rightly`() throws {
        var bits = RepeatableBits(state: 2)
        for _ in 0..<300 {
            let value = Double(bitPattern: bits.next() & ~(1 << 63))
            guard value.isFinite, value.exponent < 1000 else { continue }
            // Exact in the C library: the middle has one binary digit more than a double.
            let scale = value.exponent > 0 ? 0.5 : 1
            let middle = ExactDecimal.middle(value * scale, value.nextUp * scale)
            for text in [middle, middle + "1", String(middle.dropLast()) + "4999"] {
                #expect(try agreesWithLibrary(text), "\(text)")
            }
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1.0", 1), ("1e2", 100), ("100e-2", 1), ("18446744073709551615", Int128(UInt64.max)),
            ("-9223372036854775808", Int128(Int64.min)), ("10000000000000000000000000000e-20", 100_000_000),
            ("1.5", nil), ("1e-1", nil), ("18446744073709551617", nil), ("1e40", nil),
            ("1.00000000000000000000000000000000000000000000001", nil), ("123456789012345678.9", nil),
        ] as [(String, Int128?)])
    func `a whole number is exact however it is written`(_ text: String, _ whole: Int128?) throws {
        let number = try Array(text.utf8).withUnsafeBufferPointer { try Decimal($0, from: 0).whole }
        #expect(number == whole)
    }

    @Test(arguments: ["01", "-", "1.", ".5", "1e", "1e+", "+1", "-01", "", "--1"])
    func `what JSON does not call a number is none`(_ text: String) {
        #expect(throws: Decimal.Mistake.self) {
            try Array(text.utf8).withUnsafeBufferPointer { _ = try Decimal($0, from: 0) }
        }
    }
}

@Suite struct PlainNumberTests {
    @Test(arguments: [
        "01", "-", "1.", ".5", "-.5", "-01.5", "00.5", "1./5", "--1", "+1", "1e", "1.5e", "1.5E5", "-1.", "",
        "/.5",
        "1.2345678901234e", "1.23456789012345678e", "-0.12345678901234567E5", "123456789012345",
        "0.12345678901234567890", "9300000000.0000000000", "0.1234567890123456789012345678901", "0.\u{e9}",
    ])
    func `what is no number, or none of the usual form, is left to the careful reader`(_ text: String) {
        for way in PlainWay.allCases { #expect(way.decimal(text) == nil, "\(way)") }
    }

    @Test(arguments: [
        "0", "-0", "7", "-7", "1234567", "-123456", "0.5", "-0.5", "1234567.8", "-12345.678", "0.0012345678",
        "1.2345678",
        "-1.23456789012", "-0.123456789012", "0.1234567890123", "0.12345678901234", "-1.2345678901234567",
    ])
    func `a number of the usual form ends where its text does, whatever follows`(_ text: String) throws {
        for rest in [",", "]", "}", " ", "\n", ",.5", ",-1.5", "]/", "-", "\u{e9}"] {
            for way in PlainWay.allCases {
                let number = try #require(way.decimal(text + rest))
                #expect(number.text.count == text.utf8.count, "\(text)\(rest) \(way)")
                #expect(number.double(.shared) == Double(text), "\(text)\(rest) \(way)")
            }
        }
    }

    @Test func `numbers with their point anywhere are read as the C library reads them`() throws {
        var bits = RepeatableBits(state: 6)
        for count in 1...19 {
            for point in 1...count {
                for _ in 0..<5 {
                    let digits = String(format: "%019llu", bits.next() >> 1).suffix(count)
                    let text = "\(digits.prefix(point))" + (point == count ? "" : ".\(digits.dropFirst(point))")
                    guard point == 1 || digits.first != "0" else { continue }
                    #expect(try agreesWithLibrary(text), "\(text)")
                    #expect(try agreesWithLibrary("-" + text), "-\(text)")
                }
            }
        }
    }

    @Test func `doubles near the middle of two float32 are rounded as doubles first`() throws {
        var bits = RepeatableBits(state: 7)
        for exponent in -18...60 {
            let power = Double(sign: .plus, exponent: exponent, significand: 1)
            for _ in 0..<4 {
                let single = Float.random(in: Float(power)..<Float(2 * power), using: &bits)
                var near = (Double(single) + Double(single.nextUp)) / 2
                for _ in 0..<6 { near = near.nextDown }
                for _ in 0..<12 {
                    for text in [near.description, String(format: "%.17f", near)] where !text.contains("e") {
                        #expect(try agreesWithLibrary(text), "\(text)")
                    }
                    near = near.nextUp
                }
            }
        }
    }
}

/// Exact decimal expansions, by the C library.
private enum ExactDecimal {
    static func middle(_ lower: Double, _ upper: Double) -> String {
        let precise = Float80(lower) / 2 + Float80(upper) / 2
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 2000) { room in
            _ = withVaList([precise]) { vsnprintf(room.baseAddress, 2000, "%.1100Le", $0) }
            return String(cString: Array(room))
        }.replacingOccurrences(of: #"0+e"#, with: "e", options: .regularExpression)
    }
}

@Suite struct JSONNumberWritingTests {
    private let numbers = NumberText()

    private func text(_ value: Float) -> String { PoolingWireTests.text { numbers.write(value, to: $0) } }
    private func text(_ value: Double) -> String { PoolingWireTests.text { numbers.write(value, to: $0) } }

    @Test(
        arguments: [
            (3.0, "3"), (-0.0, "-0.0"), (0, "0"), (0.1, "0.1"), (1e30, "1e30"), (1e-7, "1e-7"), (0.001, "0.001"),
            (1.5e-10, "1.5e-10"), (100, "100"), (-12.25, "-12.25"), (.nan, "\"NaN\""), (.infinity, "\"Infinity\""),
            (-.infinity, "\"-Infinity\""), (.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e308"),
            (123456789012345.6, "123456789012345.6"), (999999999999999, "999999999999999"), (1e15, "1e15"),
            (9_007_199_254_740_992, "9.007199254740992e15"), (0.30000000000000004, "0.30000000000000004"),
        ] as [(Double, String)])
    func `a double is written in its shortest form`(_ value: Double, _ expected: String) {
        #expect(text(value) == expected)
    }

    @Test(
        arguments: [
            (0.1, "0.1"), (16_777_216, "16777216"), (3.4028235e38, "3.4028235e38"), (.leastNonzeroMagnitude, "1e-45"),
            (0.3, "0.3"),
            (.leastNormalMagnitude, "1.1754944e-38"), (33_554_432, "33554432"), (9_999_999, "9999999"),
            (0.005, "0.005"),
        ] as [(Float, String)])
    func `a float32 is written in its shortest form`(_ value: Float, _ expected: String) {
        #expect(text(value) == expected)
    }

    /// As rows are written.
    private func row(_ values: [Float]) -> String {
        var texts = FloatTexts(numbers)
        return values.withUnsafeBufferPointer { values in
            PoolingWireTests.text(capacity: FloatTexts.maximumWidth) { texts.write(values, to: $0) }
        }
    }

    @Test func `a row of float32 has the texts of its numbers`() {
        var bits = RepeatableBits(state: 6)
        let edges: [Float] = [
            0, -0.0, 0x1p-9, (0x1p-9 as Float).nextDown, 0x1p18, (0x1p18 as Float).nextDown, .nan, .infinity, 1, 100,
            99_999.99, 0.99999994, 0.0019999999, 1e-5, .leastNonzeroMagnitude, Float(bitPattern: 0x15ae_43fd),
        ]
        for _ in 0..<60_000 {
            let count = Int.random(in: 1...FloatTexts.count, using: &bits)
            let values = (0..<count).map { _ in
                switch bits.next() % 8 {
                case 0: edges[Int(bits.next() % UInt64(edges.count))] * (bits.next() % 2 == 0 ? 1 : -1)
                case 1: (Float.random(in: -1000...1000, using: &bits) * 100).rounded() / 100
                default:
                    Float(
                        sign: bits.next() % 2 == 0 ? .plus : .minus, exponent: Int.random(in: -11...19, using: &bits),
                        significand: Float.random(in: 1..<2, using: &bits))
                }
            }
            #expect(row(values) == values.map { "," + text($0) }.joined(), "\(values)")
        }
    }

    @Test func `a float32 whose shortest text would round twice to a neighbour gets one more digit`() throws {
        let value = Float(bitPattern: 0x15ae_43fd)
        #expect(text(value) == "7.0385307e-26")
        #expect(try Float(read(text(-value))) == -value)
    }

    @Test func `every float16 and every bfloat16 reads back`() throws {
        for pattern in UInt16.min...UInt16.max {
            try expectReadsBack(StoredFloat16(bits: pattern))
            try expectReadsBack(StoredBFloat16(bits: pattern))
        }
    }

    private func expectReadsBack<Element: NarrowFloat>(_ value: Element) throws {
        guard value.isFinite else { return }
        let written = PoolingWireTests.text { numbers.write(value, to: $0) }
        let back = try Element(nearest: read(written))
        if back.bits != value.bits { Issue.record("\(value) -> \(written) -> \(back)") }
    }

    @Test func `narrowing rounds as the definition of the format does, without a step in between`() {
        var bits = RepeatableBits(state: 3)
        for _ in 0..<100_000 {
            let exponent = Int.random(in: -30...17, using: &bits)
            let value = Double(sign: .plus, exponent: exponent, significand: Double.random(in: 1..<2, using: &bits))
            #expect(StoredFloat16(nearest: value).bits == FloatBits.float16.encode(value))
            let wide = Double(sign: .minus, exponent: 5 * exponent, significand: value.significand)
            #expect(StoredBFloat16(nearest: wide).bits == FloatBits.bfloat16.encode(wide))
        }
        #expect(StoredFloat16(nearest: 65520).bits == Float16.infinity.bitPattern)
        #expect(StoredFloat16(nearest: 65519.99).bits == Float16(65504).bitPattern)
        #expect(StoredFloat16(nearest: 0x1p-25).bits == 0)
        #expect(StoredFloat16(nearest: 0x1.0000000000001p-25).bits == 1)
    }

    @Test func `random float32 and float64 patterns read back and are as short as Swift's`() throws {
        var bits = RepeatableBits(state: 4)
        for _ in 0..<60_000 {
            let pattern = bits.next()
            let narrow = Float(bitPattern: UInt32(truncatingIfNeeded: pattern))
            if narrow.isFinite {
                let written = text(narrow)
                #expect(try Float(read(written)).bitPattern == narrow.bitPattern, "\(written)")
                #expect(digits(written) == digits(narrow.description), "\(written) \(narrow)")
            }
            let wide = Double(bitPattern: pattern)
            if wide.isFinite {
                let written = text(wide)
                #expect(try read(written).bitPattern == wide.bitPattern, "\(written)")
                #expect(digits(written) == digits(wide.description), "\(written) \(wide)")
            }
        }
    }

    @Test func `no number is written beyond its room`() {
        var bits = RepeatableBits(state: 7)
        let guardCount = 32
        func expectInRoom(_ width: Int, _ name: String, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: width + guardCount) { room in
                guard let start = room.baseAddress else { return }
                // Each byte differs from the one before, which it may be overwritten with.
                for factor in [1, 7] as [UInt8] {
                    for index in room.indices { room[index] = UInt8(truncatingIfNeeded: index) &* factor }
                    _ = write(start)
                    #expect(
                        room.indices[width...].allSatisfy { room[$0] == UInt8(truncatingIfNeeded: $0) &* factor },
                        "\(name)")
                }
            }
        }
        for exponent in -30...30 {
            for _ in 0..<40 {
                let digits = Double(Int64.random(in: 1..<1 << 53, using: &bits))
                let value = -digits * pow(10, Double(exponent))
                let narrow = Float(value)
                expectInRoom(NumberText.maximumWidth, "\(value)") { numbers.write(value, to: $0) }
                expectInRoom(NumberText.maximumWidth, "\(narrow)") { numbers.write(narrow, to: $0) }
                expectInRoom(NumberText.maximumWidth, "float16") { text in
                    numbers.write(StoredFloat16(nearest: value), to: text)
                }
                expectInRoom(NumberText.maximumWidth, "integer") { numbers.write(Int64(-digits), to: $0) }
                let row = [Float](repeating: narrow, count: FloatTexts.count)
                expectInRoom(FloatTexts.maximumWidth, "\(row)") { text in
                    var texts = FloatTexts(numbers)
                    return row.withUnsafeBufferPointer { texts.write($0, to: text) }
                }
            }
        }
        expectInRoom(NumberText.maximumWidth, "the smallest integer") { numbers.write(Int64.min, to: $0) }
    }

    @Test func `a float32 next to a power of two is as short as Swift's`() {
        var bits = RepeatableBits(state: 5)
        for exponent in -12...22 {
            let power = Float(sign: .plus, exponent: exponent, significand: 1)
            let near = [power.nextDown.nextDown, power.nextDown, power, power.nextUp, power.nextUp.nextUp]
            let between = (0..<500).map { _ in Float.random(in: power..<2 * power, using: &bits) }
            for value in near + between {
                #expect(digits(text(value)) == digits(value.description), "\(value)")
                #expect(text(-value) == "-" + text(value))
                #expect(row([value, -value]) == ",\(text(value)),-\(text(value))")
            }
        }
    }

    /// The significant digits without the zeros around them.
    private func digits(_ text: String) -> String {
        let mantissa = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
        return String(mantissa.reversed().drop { $0 == "0" }.reversed())
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99_999_999, 100_000_000, -123_456_789_012, .max, .min] as [Int64])
    func `an integer is written with all its digits`(_ value: Int64) {
        #expect(PoolingWireTests.text { numbers.write(value, to: $0) } == String(value))
    }
}
