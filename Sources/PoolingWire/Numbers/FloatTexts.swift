internal import CDecimal

/// Writes rows of float32 numbers as JSON text, eight numbers at a time.
///
/// The texts are those of ``NumberText``. Numbers between 2^-9 and 2^18, and zeros, are written in vectors (`CDecimal`).
struct FloatTexts {
    /// Numbers per ``write(_:to:)``.
    static let count = 8
    /// Room for the texts of as many, with what is written past their end.
    static let maximumWidth = count * (1 + NumberText.maximumWidth)

    private let numbers: NumberText
    private let forms = FloatForms.shared.table
    private var eight = cdecimal_eight()

    init(_ numbers: NumberText) {
        self.numbers = numbers
    }

    /// Writes a comma and the text of each of at most eight `values`; returns how many bytes count.
    @inline(__always)
    mutating func write(_ values: UnsafeBufferPointer<Float>, to text: UnsafeMutablePointer<UInt8>) -> Int {
        let unusual = cdecimal_find(values.baseAddress, Int64(values.count), &eight)
        guard unusual == 0, values.count == Self.count else { return writeEach(values, unusual: unusual, to: text) }
        return Int(cdecimal_texts(&eight, forms, text))
    }

    @inline(never)
    private mutating func writeEach(
        _ values: UnsafeBufferPointer<Float>, unusual: UInt32, to text: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var used = 0
        for (lane, value) in values.enumerated() {
            if unusual >> UInt32(lane) & 1 == 0 {
                used += Int(cdecimal_text(&eight, Int64(lane), forms, text + used))
            } else {
                text[used] = UInt8(ascii: ",")
                used += 1 + numbers.write(value, to: text + used + 1)
            }
        }
        return used
    }
}

/// How `CDecimal` puts the texts of float32 numbers together, by sign, place of the point and leading zeros.
private struct FloatForms: @unchecked Sendable {
    // @unchecked Sendable because the table is written before `shared` exists, never changed, and never freed.
    let table: UnsafePointer<cdecimal_form>

    static let shared = FloatForms()

    private init() {
        let forms = UnsafeMutablePointer<cdecimal_form>.allocate(capacity: cdecimal_form_count)
        forms.initialize(repeating: cdecimal_form(), count: cdecimal_form_count)
        var form = forms
        for places in 1...cdecimal_places_limit {
            for zeros in 0...cdecimal_leading_zeros_limit {
                for isNegative in [false, true] {
                    form.pointee = Self.form(digits: zeros..<9, places: places, isNegative: isNegative)
                    form += 1
                }
            }
        }
        form[0] = Self.form([Self.zero], lengths: { _ in 1 }, isNegative: false)
        form[1] = Self.form([Self.zero, Self.point, Self.zero], lengths: { _ in 3 }, isNegative: true)
        table = UnsafePointer(forms)
    }

    private static let zero = UInt8(cdecimal_zero_byte)
    private static let point = UInt8(cdecimal_point_byte)

    /// - Parameter places: digits after the point, apart from the last one.
    private static func form(digits: Range<Int>, places: Int, isNegative: Bool) -> cdecimal_form {
        // Before the point; a negative count is one of zeros after it.
        let whole = digits.count - 1 - places
        var sources = digits.map { UInt8($0) }
        if whole > 0 {
            sources.insert(point, at: whole)
        } else {
            sources.insert(contentsOf: [zero, point] + [UInt8](repeating: zero, count: -whole), at: 0)
        }
        let added = sources.count - digits.count
        return form(
            sources,
            lengths: { last in
                let count = last + 1 - digits.lowerBound
                return count <= whole ? whole : count + added
            }, isNegative: isNegative)
    }

    /// - Parameter lengths: of the text without its comma and its sign, by the position of the last digit above zero.
    private static func form(_ sources: [UInt8], lengths: (Int) -> Int, isNegative: Bool) -> cdecimal_form {
        let start = [UInt8(cdecimal_separator_byte)] + (isNegative ? [UInt8(cdecimal_sign_byte)] : [])
        var form = cdecimal_form()
        withUnsafeMutableBytes(of: &form.sources) { $0.copyBytes(from: (start + sources).prefix($0.count)) }
        withUnsafeMutableBytes(of: &form.lengths) { room in
            for last in 0..<9 { room[last] = UInt8(max(start.count + lengths(last), 0)) }
        }
        return form
    }
}
