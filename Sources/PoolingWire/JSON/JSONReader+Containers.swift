import PoolingEngine

// Arrays and objects.
extension JSONReader {
    /// Steps into an array or object, whose bracket comes next.
    mutating func enter() throws(WireError) {
        guard depth < Self.maximumDepth else {
            throw .malformed(
                .tooDeep, offset: position,
                detail: "nested deeper than \(Self.maximumDepth) levels (byte \(position))")
        }
        depth += 1
        position += 1
        skipWhitespace()
    }

    /// After a value: takes a comma (true), or the bracket that ends the array or object (false).
    mutating func takeSeparator(orEnd end: UInt8) throws(WireError) -> Bool {
        skipWhitespace()
        if next == UInt8(ascii: ",") {
            position += 1
            skipWhitespace()
            return true
        }
        try take(end, expecting: "',' or '\(Character(UnicodeScalar(end)))'")
        depth -= 1
        return false
    }

    /// Takes an object; `body` takes the value of each member.
    mutating func takeMembers(
        _ body: (inout JSONReader, String) throws(WireError) -> Void
    ) throws(WireError) {
        var names = MemberNames()
        try enter()
        if next == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return
        }
        repeat {
            let start = position
            guard next == UInt8(ascii: "\"") else { throw unexpected(expecting: "a name in double quotes") }
            let name = try takeName()
            if let name { try note(name, at: start, in: &names) }
            skipWhitespace()
            try take(UInt8(ascii: ":"), expecting: "':'")
            skipWhitespace()
            path.push(.member(name ?? ""))
            if let name { try body(&self, name) } else { try skipValue() }
            path.pop()
        } while try takeSeparator(orEnd: UInt8(ascii: "}"))
    }

    /// Takes a list; `body` takes each element.
    mutating func takeListElements(
        _ body: (inout JSONReader, Int) throws(WireError) -> Void
    ) throws(WireError) {
        try enter()
        if next == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return
        }
        var index = 0
        path.push(.element(0))
        repeat {
            path.moveToElement(index)
            try body(&self, index)
            index += 1
        } while try takeSeparator(orEnd: UInt8(ascii: "]"))
        path.pop()
    }

    private mutating func note(_ name: String, at start: Int, in names: inout MemberNames) throws(WireError) {
        switch names.insert(name) {
        case .new: break
        case .duplicate:
            throw .malformed(
                .duplicateKey, offset: start,
                detail: "the name \"\(name.prefix(64))\" appears twice in one object (byte \(start))")
        case .full:
            reject(
                PoolingError(
                    .wrongLength, at: path.pointer(), "expected at most \(MemberNames.limit) members in one object"),
                at: start
            )
        }
    }
}
