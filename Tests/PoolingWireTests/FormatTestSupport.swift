import PoolingEngine
import PoolingTestKit
import RecycledMemory
import Testing

@testable import PoolingWire

/// Calls `decode` with `bytes` as a body that starts at an address divisible by 64, or `misalignment` bytes behind one.
func decoding<Result>(
    _ bytes: [UInt8], misalignment: Int = 0,
    _ decode: (Bytes) throws(WireError) -> Result
) throws(WireError) -> Result {
    let body = Bytes(copying: [UInt8](repeating: 0, count: misalignment) + bytes)
    return try decode(body[misalignment..<body.count])
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}

extension Tensor {
    /// The elements as bytes.
    var bytes: [UInt8] { storage.withUnsafeBytes { Array($0) } }

    func elements<Element: BitwiseCopyable>(_ type: Element.Type = Element.self) -> [Element] {
        storage.withUnsafeBytes { Array($0.bindMemory(to: type)) }
    }

    static func of<Element: BitwiseCopyable>(
        _ elementType: ElementType, _ shape: [Int], _ elements: [Element]
    ) -> Tensor {
        let bytes = elements.withUnsafeBytes { Array($0) }
        return Tensor(elementType: elementType, shape: shape, storage: Bytes(copying: bytes))
    }
}

/// Expects every proper prefix of `bytes` to be rejected.
func expectEveryPrefixRejected(
    _ bytes: [UInt8], _ decode: (Bytes) throws(WireError) -> Void
) {
    for count in bytes.indices {
        #expect(throws: WireError.self, "prefix of \(count) bytes") {
            try decoding(Array(bytes[..<count]), decode)
        }
    }
}

/// Decodes many damaged copies of `bytes`; whatever comes of it, nothing may crash.
///
/// - Returns: how many of them were rejected.
func rejectedMutations(
    of bytes: [UInt8], rounds: Int = 2000,
    _ decode: (Bytes) throws(WireError) -> Void
) -> Int {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
    return (0..<rounds).count { _ in
        var copy = bytes
        for _ in 0...next(3) {
            switch next(4) {
            case 0: copy[next(copy.count)] = UInt8(next(256))
            case 1: copy[next(copy.count)] ^= 1 << next(8)
            case 2: copy.remove(at: next(copy.count))
            default: copy.insert(UInt8(next(256)), at: next(copy.count))
            }
        }
        return (try? decoding(copy, decode)) == nil
    }
}

extension WireError {
    var malformation: Malformation? {
        guard case .malformed(let malformation, _, _) = self else { return nil }
        return malformation
    }

    var detail: String {
        switch self {
        case .malformed(_, _, let detail): detail
        case .rejected(let rejection): rejection.detail
        case .memory, .stopped: "\(self)"
        }
    }

    var rejection: PoolingError? {
        guard case .rejected(let rejection) = self else { return nil }
        return rejection
    }
}

/// The error that `body` throws.
func mistake(_ body: () throws(WireError) -> Void) -> WireError? {
    do throws(WireError) {
        try body()
        return nil
    } catch {
        return error
    }
}
