/// Numbers of the usual form with commas between them.
struct PlainRun {
    var count = 0
    var endsWithComma = false

    /// The hot loop of the whole reader: numbers straight into memory, nothing thrown, nothing allocated.
    @inline(__always)
    static func take<Element: TensorElement>(
        into room: UnsafeMutableBufferPointer<Element>, from bytes: UnsafeBufferPointer<UInt8>,
        at position: inout Int, _ powers: PowersOfTen
    ) -> PlainRun {
        var run = PlainRun()
        guard let start = bytes.baseAddress, let target = room.baseAddress else { return run }
        var text = start + position
        let end = start + bytes.count
        let last = end - Decimal.plainTextReach
        while run.count < room.count, text <= last {
            guard let number = Decimal(plain: text, powers: powers),
                let element = Element.element(number, powers)
            else { break }
            target[run.count] = element
            run.count &+= 1
            text += number.text.count
            run.endsWithComma = text.pointee == UInt8(ascii: ",")
            guard run.endsWithComma else { break }
            text += 1
            while text < end, JSONReader.isWhitespace(text.pointee) { text += 1 }
        }
        position = text - start
        return run
    }
}
