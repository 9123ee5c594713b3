private import PoolingEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds out, without reading a request, whether it may be made of many.
package enum RequestLists {
    /// The fields whose entries take longer to plan than to read.
    private static let names = FieldNames.plannedPerEntry.map { Array($0.utf8) }

    /// Whether a JSON body may have one of these fields.
    ///
    /// An escape may hide the name, so that it counts too.
    package static func mayBe(in body: UnsafeRawBufferPointer) -> Bool {
        if offset(of: UInt8(ascii: "\\"), in: body) != nil { return true }
        var rest = body
        while let quote = offset(of: UInt8(ascii: "\""), in: rest) {
            if names.contains(where: { rest[..<quote].ends(with: $0) }) { return true }
            rest = UnsafeRawBufferPointer(rebasing: rest[(quote + 1)...])
        }
        return false
    }

    /// Whether the query of a URL may; an escape may hide the name here too.
    package static func mayBe(inQuery query: String) -> Bool {
        query.utf8.split(separator: UInt8(ascii: "&")).contains { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return names.contains { name.elementsEqual($0) } || name.contains(UInt8(ascii: "%"))
        }
    }

    private static func offset(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(byte), bytes.count) else { return nil }
        return UnsafeRawPointer(found) - start
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func ends(with text: [UInt8]) -> Bool { suffix(text.count).elementsEqual(text) }
}
