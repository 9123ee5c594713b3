import Foundation
import Testing

@testable import PoolingWire

/// Four billion numbers take minutes even where the code is optimised.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["POOLING_LONG_TESTS"] == "1", "takes minutes; `make long-test` runs it")
)
struct EveryFloatTests {
    private let numbers = NumberText()

    /// The parts run at the same time, one on each core.
    @Test(arguments: 0..<64 as Range<UInt32>)
    func `every float32 reads back, and has the same text in a row`(_ part: UInt32) throws {
        let room = UnsafeMutablePointer<UInt8>.allocate(capacity: NumberText.maximumWidth + Decimal.plainTextReach)
        defer { room.deallocate() }
        let rowRoom = UnsafeMutablePointer<UInt8>.allocate(capacity: FloatTexts.maximumWidth)
        defer { rowRoom.deallocate() }
        var texts = FloatTexts(numbers)
        for pattern in part << 26...(part << 26 | 0x3ff_ffff) {
            let value = Float(bitPattern: pattern)
            guard value.isFinite else { continue }
            let count = numbers.write(value, to: room)
            room[count] = UInt8(ascii: ",")
            let number =
                try Decimal(plain: room, powers: .shared)
                ?? Decimal(UnsafeBufferPointer(start: room, count: count), from: 0)
            let back = number.float(.shared)
            guard back.bitPattern == pattern, number.text.count == count else {
                Issue.record("\(pattern)")
                return
            }
            let rowCount = withUnsafeBytes(of: value) {
                texts.write($0.bindMemory(to: Float.self), to: rowRoom)
            }
            guard rowCount == 1 + count, memcmp(rowRoom + 1, room, count) == 0 else {
                Issue.record("\(pattern) in a row")
                return
            }
        }
    }
}
