import PoolingEngine

/// Memory that grows up to a limit while a compressor fills it.
struct BoundedOutput {
    private static let smallest = 4096

    private let limit: Int
    private var storage: TensorStorage
    private(set) var count = 0

    init(limit: Int, expecting inputCount: Int) {
        self.limit = limit
        storage = TensorStorage(byteCount: min(limit, max(Self.smallest, inputCount)))
    }

    /// Lets `body` fill what is free, growing first where nothing is.
    ///
    /// - Parameter body: gets the free bytes and returns how many it has filled.
    /// - Returns: false where the limit leaves nothing free; `body` is then not called.
    mutating func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int) -> Bool {
        if count == storage.byteCount {
            guard count < limit else { return false }
            grow()
        }
        count += storage.withUnsafeMutableBytes { body(UnsafeMutableRawBufferPointer(rebasing: $0[count...])) }
        return true
    }

    /// What has been filled.
    func finish() -> TensorStorage {
        storage.withUnsafeBytes {
            TensorStorage(viewing: UnsafeRawBufferPointer(rebasing: $0[..<count]), owner: storage)
        }
    }

    func tooLarge() -> WireError {
        .refused(PoolingRefusal(.resultTooLarge, at: "", "the body decompresses to more than \(limit) bytes"))
    }

    private mutating func grow() {
        let (double, overflow) = storage.byteCount.multipliedReportingOverflow(by: 2)
        let larger = TensorStorage(byteCount: min(limit, max(Self.smallest, overflow ? limit : double)))
        larger.withUnsafeMutableBytes { destination in
            storage.withUnsafeBytes { destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        storage = larger
    }
}
