import PoolingEngine
import RecycledMemory
import Synchronization
import Testing

@testable import PoolingWire

/// What a hostile body can make the reader keep.
@Suite struct JSONLimitTests {
    private func rejection(_ body: String) -> PoolingError? {
        mistake { () throws(WireError) in
            _ = try Array(body.utf8).withUnsafeBufferPointer { (bytes) throws(WireError) in
                try JSONCodec.decodeFields(UnsafeRawBufferPointer(bytes))
            }
        }?.rejection
    }

    @Test func `long names and strings are rejected, not kept`() {
        let name = String(repeating: "n", count: JSONReader.nameLimit)
        #expect(rejection(#"{"\#(name)":1}"#) == nil)
        #expect(rejection(#"{"\#(name)x":1,"\#(name)x":2}"#)?.reason == .wrongLength)
        let text = String(repeating: "t", count: JSONReader.keptStringLimit)
        #expect(rejection(#"{"op":"\#(text)"}"#) == nil)
        let rejected = rejection(#"{"op":"\#(text)x"}"#)
        #expect(rejected?.reason == .wrongLength)
        #expect(rejected?.field == "op")
    }

    @Test func `many strings that are short each are rejected too`() {
        let text = String(repeating: "t", count: JSONReader.keptStringLimit)
        let most = JSONReader.keptTextLimit / JSONReader.keptStringLimit
        let list = Array(repeating: #""\#(text)""#, count: most).joined(separator: ",")
        #expect(rejection(#"{"op":[\#(list)]}"#)?.reason == .wrongLength)
    }

    @Test func `escapes mean the same in names, in strings and in base64`() throws {
        let body = Array(
            #"{"\u006fp":"m\u0061x\ud83d\ude00\n","input":{"shape":[1],"b64":"AACA\/w\u003d\u003d"}}"#.utf8)
        let request = try body.withUnsafeBytes { try JSONCodec.decode($0, as: .forward) }.request
        #expect(request.fields == [Field("op", .string("max😀\n"))])
        let tensor = try #require(request.tensors[.input])
        #expect(tensor.elements() == [Float(bitPattern: 0xff80_0000)])
    }

    /// Counts what is reserved.
    private final class Account: MemoryAccount {
        private let counts = Mutex((now: 0, most: 0))
        var now: Int { counts.withLock { $0.now } }
        var most: Int { counts.withLock { $0.most } }

        func reserve(_ byteCount: Int) throws(MemoryShortage) {
            counts.withLock { $0 = ($0.now + byteCount, max($0.most, $0.now + byteCount)) }
        }

        func release(_ byteCount: Int) { counts.withLock { $0.now -= byteCount } }
    }

    @Test func `elements that are read twice are not held twice`() throws {
        let numbers = Array(repeating: "1", count: 500_000).joined(separator: ",")
        let account = Account()
        do {
            let body = Array(#"{"input":{"shape":[500000],"data":[\#(numbers)]},"dtype":"int64"}"#.utf8)
            let request = try body.withUnsafeBytes {
                try JSONCodec.decode($0, as: .forward, in: Workspace(memory: account)).request
            }
            #expect(account.now == 4_000_000)
            #expect(account.most < 5_000_000)
            withExtendedLifetime(request) {}
        }
        #expect(account.now == 0)
    }

    @Test func `the text of a response is on the account as long as it lives`() throws {
        let account = Account()
        let tensor = Tensor(elementType: .float32, shape: [100_000], zeroed: true)
        let result = PoolingResult(tensors: [.init(.output, tensor)])
        for form in TensorForm.allCases {
            let text = try JSONCodec.encode(result, form: form, in: Workspace(memory: account))
            #expect(account.now >= text.byteCount - 128 << 10)
            #expect(account.most <= text.byteCount + 2 << 20)
        }
        #expect(account.now == 0)
    }
}
