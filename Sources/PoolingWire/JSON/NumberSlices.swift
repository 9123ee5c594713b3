#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import PoolingEngine
import Synchronization

/// A long list of numbers, cut behind commas into slices that are read side by side.
///
/// All or nothing: where a slice has anything but numbers with commas behind them, none counts, and the list is read from
/// its start. So what is rejected, and where, does not depend on the cuts.
struct NumberSlices {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where slices start, and where the last one ends.
    private let cuts: [Int]

    /// - Parameters:
    ///   - start: where a number starts.
    ///   - sliceByteCount: of each slice, at least.
    /// - Returns: nil where the list is short.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, sliceByteCount: Int) {
        guard bytes.count - start >= 2 * sliceByteCount,
            let size = Self.distance(to: UInt8(ascii: "]"), in: UnsafeBufferPointer(rebasing: bytes[start...]))
        else { return nil }
        // The last few numbers are left to the one who reads on, so that no slice reads beyond the body.
        let length = size - Decimal.plainTextReach
        let count = length / sliceByteCount
        guard count >= 2 else { return nil }
        var cuts = [start]
        for slice in 1...count {
            let near = bytes[(start + length * (slice - 1) / count)..<(start + length * slice / count)]
            guard let comma = near.lastIndex(of: UInt8(ascii: ",")) else { return nil }
            cuts.append(comma + 1)
        }
        self.bytes = bytes
        self.cuts = cuts
    }

    /// Where reading goes on.
    var end: Int { cuts[cuts.count - 1] }

    private static func distance(to byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(byte), bytes.count) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(start)
    }

    /// Whether so many numbers are possible: each takes two bytes with its comma, so that the body bounds what a caller
    /// can make us allocate.
    func canHave(_ count: Int) -> Bool { count > 0 && count <= (end - cuts[0]) / 2 }

    /// How many numbers each slice has, by its commas.
    func counts(on runner: Workspace.Runner) -> [Int] {
        let counts = Mutex([Int](repeating: 0, count: cuts.count - 1))
        // Read only, and the runner returns when all slices are done.
        nonisolated(unsafe) let bytes = bytes
        runner(cuts.count - 1) { [cuts] slice in
            let count = Self.commas(in: UnsafeBufferPointer(rebasing: bytes[cuts[slice]..<cuts[slice + 1]]))
            counts.withLock { $0[slice] = count }
        }
        return counts.withLock { $0 }
    }

    private static func commas(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        typealias Block = SIMD16<UInt8>
        let size = Block.scalarCount
        let blocks = bytes.count / size
        let (commas, ones) = (Block(repeating: UInt8(ascii: ",")), Block(repeating: 1))
        var count = 0
        var next = 0
        while next < blocks {
            // As many as a byte can count.
            let end = min(next + 255, blocks)
            var counts = Block()
            while next < end {
                let block = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: size &* next, as: Block.self)
                counts.replace(with: counts &+ ones, where: block .== commas)
                next &+= 1
            }
            count &+= Int(SIMD16<UInt16>(truncatingIfNeeded: counts).wrappedSum())
        }
        return count + bytes[(size * blocks)...].count { $0 == UInt8(ascii: ",") }
    }

    /// Reads each slice to where its numbers belong.
    ///
    /// - Returns: whether all slices have numbers and nothing else.
    func read<Element: TensorElement>(
        into room: UnsafeMutableBufferPointer<Element>, _ counts: [Int], _ powers: PowersOfTen,
        _ workspace: Workspace, on runner: Workspace.Runner
    ) -> Bool {
        let starts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let areAllRead = Atomic(true)
        // Each slice writes a range of its own, and the runner returns when all are done.
        nonisolated(unsafe) let (bytes, room) = (bytes, room)
        runner(counts.count) { [cuts] slice in
            let part = UnsafeMutableBufferPointer(rebasing: room[starts[slice]..<starts[slice + 1]])
            if workspace.isStopped || !Self.read(bytes, cuts[slice]..<cuts[slice + 1], into: part, powers) {
                areAllRead.store(false, ordering: .relaxed)
            }
        }
        return areAllRead.load(ordering: .relaxed)
    }

    /// Reads one slice.
    ///
    /// - Returns: whether it is as many numbers, each with its comma, as there is room for.
    private static func read<Element: TensorElement>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ slice: Range<Int>, into room: UnsafeMutableBufferPointer<Element>,
        _ powers: PowersOfTen
    ) -> Bool {
        var position = slice.lowerBound
        skipWhitespace(bytes, &position)
        var count = 0
        while count < room.count {
            let rest = UnsafeMutableBufferPointer(rebasing: room[count...])
            let run = PlainRun.take(into: rest, from: bytes, at: &position, powers)
            count += run.count
            guard run.count == 0 || run.endsWithComma else { return false }
            guard count < room.count else { break }
            guard let number = try? Decimal(bytes, from: position), let element = Element.element(number, powers)
            else { return false }
            position += number.text.count
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { return false }
            room[count] = element
            count += 1
            position += 1
            skipWhitespace(bytes, &position)
        }
        return position >= slice.upperBound
    }

    private static func skipWhitespace(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
        while position < bytes.count, JSONReader.isWhitespace(bytes[position]) { position += 1 }
    }
}
