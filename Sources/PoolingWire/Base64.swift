import CVectors

/// Base64 (RFC 4648, section 4), strict: padded, no white space, no bits left over.
enum Base64 {
    /// Why a text is no base64, and at which of its bytes.
    enum Mistake: Error {
        case length(Int)
        case character(offset: Int)
        case padding
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let pad = UInt8(ascii: "=")
    private static let invalid: UInt8 = 0xff

    /// The value of each character, ``invalid`` for those that have none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// How many bytes `text` holds, by its padding and its length; nil where it has no possible length.
    static func decodedCount(_ text: UnsafeRawBufferPointer) -> Int? {
        guard text.count % 4 == 0 else { return nil }
        return text.count / 4 * 3 - paddingCount(text)
    }

    /// Groups between two looks at whether to stop: a few milliseconds.
    private static let groupsAtATime = 1 << 18

    /// Decodes `text` into `bytes`, which has room for exactly ``decodedCount(_:)``.
    ///
    /// - Parameter isStopped: asked now and then; where it says so, the bytes are left as they are.
    static func decode(
        _ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer, isStopped: () -> Bool = { false }
    ) throws(Mistake) {
        guard !text.isEmpty else { return }
        let wholeGroups = text.count / 4 - (paddingCount(text) > 0 ? 1 : 0)
        for start in stride(from: 0, to: wholeGroups, by: groupsAtATime) {
            if isStopped() { return }
            let groups = start..<min(start + groupsAtATime, wholeGroups)
            if let offset = decodeGroups(groups, of: text, into: bytes) { throw .character(offset: offset) }
        }
        try decodePadded(text, from: wholeGroups * 4, into: bytes, at: wholeGroups * 3)
    }

    private static func paddingCount(_ text: UnsafeRawBufferPointer) -> Int {
        guard text.count >= 4, text[text.count - 1] == pad else { return 0 }
        return text[text.count - 2] == pad ? 2 : 1
    }

    /// - Returns: the offset of the first character that is not in the alphabet.
    private static func decodeGroups(
        _ groups: Range<Int>, of text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer
    ) -> Int? {
        values.withUnsafeBufferPointer { values in
            for group in decodeVectors(groups, of: text, into: bytes)..<groups.upperBound {
                let characters = (
                    values[Int(text[4 &* group])], values[Int(text[4 &* group &+ 1])],
                    values[Int(text[4 &* group &+ 2])], values[Int(text[4 &* group &+ 3])]
                )
                guard (characters.0 | characters.1 | characters.2 | characters.3) & 0xc0 == 0 else {
                    return (4 * group..<4 * group + 4).first { values[Int(text[$0])] == invalid }
                }
                bytes[3 &* group] = characters.0 << 2 | characters.1 >> 4
                bytes[3 &* group &+ 1] = characters.1 << 4 | characters.2 >> 2
                bytes[3 &* group &+ 2] = characters.2 << 6 | characters.3
            }
            return nil
        }
    }

    /// Decodes eight groups at a time, as many as there are without writing beyond `bytes`, up to a wrong character.
    ///
    /// - Returns: the first group that is not decoded.
    private static func decodeVectors(
        _ groups: Range<Int>, of text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let source = text.baseAddress, let target = bytes.baseAddress else { return groups.lowerBound }
        var group = groups.lowerBound
        while group + 8 <= groups.upperBound, 3 * group + 28 <= bytes.count,
            cvectors_base64_bytes(source + 4 * group, target + 3 * group)
        {
            group += 8
        }
        return group
    }

    private static func decodePadded(
        _ text: UnsafeRawBufferPointer, from start: Int, into bytes: UnsafeMutableRawBufferPointer, at target: Int
    ) throws(Mistake) {
        guard start < text.count else { return }
        var bits: UInt32 = 0
        let characters = 4 - paddingCount(text)
        for offset in start..<start + characters {
            let value = values[Int(text[offset])]
            guard value != invalid else { throw .character(offset: offset) }
            bits = bits << 6 | UInt32(value)
        }
        bits <<= UInt32(6 * (4 - characters))
        let count = characters - 1
        guard bits & (0xff_ffff >> UInt32(8 * count)) == 0 else { throw .padding }
        for index in 0..<count {
            bytes[target + index] = UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * index))
        }
    }

    /// Writes four groups at a time, as many as there are without reading beyond `bytes`.
    ///
    /// - Returns: how many groups are written.
    private static func encodeVectors(
        _ bytes: UnsafeRawBufferPointer, into text: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        guard let source = bytes.baseAddress, let target = text.baseAddress, bytes.count >= 16 else { return 0 }
        let groups = ((bytes.count - 16) / 12 + 1) * 4
        for group in stride(from: 0, to: groups, by: 4) {
            cvectors_base64(source + 3 &* group, target + 4 &* group)
        }
        return groups
    }

    /// Characters of so many bytes.
    static func encodedCount(_ byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

    /// Writes the base64 of `bytes`; what follows can be encoded by itself where these are a multiple of three.
    ///
    /// - Returns: how many characters.
    static func encode(_ bytes: UnsafeRawBufferPointer, into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        alphabet.withUnsafeBufferPointer { alphabet in
            let groups = bytes.count / 3
            for group in encodeVectors(bytes, into: text)..<groups {
                let first = bytes[3 &* group]
                let second = bytes[3 &* group &+ 1]
                let third = bytes[3 &* group &+ 2]
                text[4 &* group] = alphabet[Int(first >> 2)]
                text[4 &* group &+ 1] = alphabet[Int((first << 4 | second >> 4) & 63)]
                text[4 &* group &+ 2] = alphabet[Int((second << 2 | third >> 6) & 63)]
                text[4 &* group &+ 3] = alphabet[Int(third & 63)]
            }
            guard bytes.count % 3 != 0 else { return 4 * groups }
            let first = bytes[3 * groups]
            let second = bytes.count % 3 == 2 ? bytes[3 * groups + 1] : 0
            text[4 * groups] = alphabet[Int(first >> 2)]
            text[4 * groups + 1] = alphabet[Int((first << 4 | second >> 4) & 63)]
            text[4 * groups + 2] = bytes.count % 3 == 2 ? alphabet[Int(second << 2 & 63)] : pad
            text[4 * groups + 3] = pad
            return 4 * groups + 4
        }
    }
}
