/// Bytes that are still being written: one piece of memory that grows up to a limit.
package struct BytesBuilder: ~Copyable {
    /// The most bytes that it grows to by itself.
    package let limit: Int
    package private(set) var count = 0
    private var block: MemoryBlock?
    private let account: (any MemoryAccount)?

    /// - Parameter account: counts the memory; nil where the caller does.
    package init(limit: Int = .max, account: (any MemoryAccount)? = nil) {
        self.limit = limit
        self.account = account
    }

    /// Bytes that there is memory for.
    package var capacity: Int { block?.byteCount ?? 0 }

    private static let firstCapacity = 16 << 10
    private static let firstExpectedCapacity = 64 << 10
    private static let growth = 8

    /// The capacity to grow to for `more` bytes, which are within the limit; nil where there is room for them.
    ///
    /// Memory grows with what was written, whatever is announced: 64 KiB at once, then in steps of up to eight times
    /// the content, so that little of it is copied. Where nothing is announced, the capacity doubles.
    ///
    /// - Parameter total: how many bytes are announced.
    package func capacity(for more: Int, expecting total: Int? = nil) -> Int? {
        guard more > capacity - count else { return nil }
        let needed = count + more
        guard let total else { return max(needed, min(max(Self.firstCapacity, Self.multiple(2, of: capacity)), limit)) }
        return max(needed, min(total, max(Self.firstExpectedCapacity, Self.multiple(Self.growth, of: needed)), limit))
    }

    private static func multiple(_ factor: Int, of count: Int) -> Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }

    /// Changes the capacity, which stays at least ``count``.
    package mutating func resize(to capacity: Int) throws(MemoryShortage) {
        if let block {
            try block.resize(to: max(capacity, count))
        } else {
            block = try MemoryBlock(byteCount: capacity, account: account)
        }
    }

    /// Lets `body` fill the memory behind the bytes that are written, and say how many bytes it has written.
    ///
    /// - Returns: how many.
    @discardableResult
    package mutating func fill<E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) -> Int {
        guard let block else { return try body(UnsafeMutableRawBufferPointer(start: nil, count: 0)) }
        let start = count
        let written = try block.withUnsafeMutableBytes { (bytes) throws(E) in
            let free = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            let written = try body(free)
            precondition(written <= free.count, "more was written than there is memory for")
            return written
        }
        count += written
        return written
    }

    /// Appends as many of `bytes` as there is memory for.
    ///
    /// - Returns: how many.
    @discardableResult
    package mutating func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        fill { free in
            let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(free.count))
            free.copyMemory(from: part)
            return part.count
        }
    }

    /// Hands the bytes over; the builder is empty afterwards.
    ///
    /// - Parameter surplus: memory that is not worth giving back.
    package mutating func finish(tolerating surplus: Int = 1024) -> Bytes {
        guard let block else { return Bytes() }
        // A smaller block seldom moves; where it cannot be had, the larger one will do.
        if capacity - count > surplus { try? block.resize(to: count) }
        defer { (self.block, count) = (nil, 0) }
        return Bytes(block, count: count)
    }
}
