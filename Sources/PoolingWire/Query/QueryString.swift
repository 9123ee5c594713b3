import PoolingEngine

/// The query of a URL, read as the parameters of a request.
///
/// Names and values are percent-decoded strictly, and `+` is a space, as in forms: so do `curl --data-urlencode`, the
/// `URLSearchParams` of browsers and Python's `urlencode` write it. A plus is `%2B`. Empty pairs (`a=1&&b=2`) are
/// nothing; a name without `=` has the empty string as its value. A tensor's name (`rois=[[0,1,1,2,2]]`) has a tensor as
/// its value, so that formats with room for one tensor can have small ones in addition to it.
package enum QueryString {
    /// More fields than there are names to give them.
    static let mostFields = 64

    /// Reads what follows the `?`.
    ///
    /// - Throws: `malformed_request` for broken escapes, bytes that are no UTF-8 and broken JSON text, `duplicate_key`,
    ///   and rejections of `dtype` and `response_form`.
    package static func parse(_ query: String) throws(WireError) -> RequestParameters {
        var fields: [Field] = []
        var names: Set<String> = []
        var tensorTexts: [TensorName: [UInt8]] = [:]
        var listTexts: [String: [UInt8]] = [:]
        var offset = 0
        for pair in query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            defer { offset += pair.count + 1 }
            guard !pair.isEmpty else { continue }
            guard names.count < mostFields else { throw malformed("has more than \(mostFields) fields", at: offset) }
            let (name, text) = try parsePair(Array(pair), at: offset)
            guard names.insert(name).inserted else {
                throw .malformed(
                    .duplicateKey, offset: offset,
                    detail: "the query string has '\(name.prefix(64))' twice (byte \(offset))")
            }
            if let tensor = TensorName(rawValue: name) {
                tensorTexts[tensor] = FieldText.tensorText(text)
            } else if FieldText.isList(text, named: name) {
                listTexts[name] = Array(text.utf8)
            } else {
                fields.append(Field(name, try FieldText.value(of: text, named: name)))
            }
        }
        return try RequestParameters(fields, tensorTexts: tensorTexts, listTexts: listTexts)
    }

    /// The name of the first field, or nil where there is none.
    package static func firstName(_ query: String) throws(WireError) -> String? {
        let separator = UInt8(ascii: "&")
        let pair = query.utf8.drop { $0 == separator }.prefix { $0 != separator }
        return pair.isEmpty ? nil : try parsePair(Array(pair), at: 0).name
    }

    private static func parsePair(_ pair: [UInt8], at offset: Int) throws(WireError) -> (name: String, text: String) {
        let separator = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
        let name = try decode(pair[..<separator], at: offset)
        guard !name.isEmpty else { throw malformed("has a value without a name", at: offset) }
        let text = try decode(pair[separator...].dropFirst(), at: offset + separator + 1)
        return (name, text)
    }

    private static func decode(_ text: ArraySlice<UInt8>, at offset: Int) throws(WireError) -> String {
        do throws(PercentEncoding.Mistake) {
            return try PercentEncoding.decode(text, plusIsSpace: true)
        } catch {
            switch error {
            case .brokenEscape(let position):
                throw malformed("has a % without two hexadecimal digits", at: offset + position)
            case .notUTF8:
                throw malformed("has text that is not UTF-8", at: offset)
            }
        }
    }

    private static func malformed(_ problem: String, at offset: Int) -> WireError {
        .malformed(.request, offset: offset, detail: "the query string \(problem) (byte \(offset))")
    }
}
