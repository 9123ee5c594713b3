/// The indices of a gradient in memory, read as `int64` whatever type they have.
struct IndexNumbers {
    private let address: UnsafeRawPointer
    private let elementType: ElementType
    private let kernelNumbers: KernelNumbers?

    init(_ address: UnsafeRawPointer, _ elementType: ElementType, _ kernelNumbers: KernelNumbers?) {
        (self.address, self.elementType, self.kernelNumbers) = (address, elementType, kernelNumbers)
    }

    /// Where the indices are, if they need no conversion.
    var inPlace: UnsafePointer<Int64>? {
        elementType == .int64 && kernelNumbers == nil ? address.assumingMemoryBound(to: Int64.self) : nil
    }

    @inline(__always)
    subscript(offset: Int) -> Int64 {
        if let inPlace { return inPlace[offset] }
        var number: Int64 = 0
        read(1, from: offset, to: &number)
        return number
    }

    /// `count` indices from `first` on, where they are or in `buffer`.
    @inline(__always)
    func numbers(_ count: Int, from first: Int, buffer: UnsafeMutablePointer<Int64>) -> UnsafePointer<Int64> {
        if let inPlace { return inPlace + first }
        read(count, from: first, to: buffer)
        return UnsafePointer(buffer)
    }

    /// Converts `count` indices from `first` on.
    private func read(_ count: Int, from first: Int, to numbers: UnsafeMutablePointer<Int64>) {
        switch elementType {
        case .int8: convert(Int8.self, count, first, numbers) { Int64($0) }
        case .uint8, .bool: convert(UInt8.self, count, first, numbers) { Int64($0) }
        case .int16: convert(Int16.self, count, first, numbers) { Int64($0) }
        case .uint16: convert(UInt16.self, count, first, numbers) { Int64($0) }
        case .int32: convert(Int32.self, count, first, numbers) { Int64($0) }
        case .int64: convert(Int64.self, count, first, numbers) { $0 }
        case .float32: convert(Float.self, count, first, numbers) { Self.whole(Double($0)) }
        case .float64: convert(Double.self, count, first, numbers) { Self.whole($0) }
        case .float16: convert(StoredFloat16.self, count, first, numbers) { Self.whole(Double($0.computed)) }
        case .bfloat16: convert(StoredBFloat16.self, count, first, numbers) { Self.whole(Double($0.computed)) }
        }
        guard let kernelNumbers else { return }
        for position in 0..<count { numbers[position] = kernelNumbers.cell(ofNumber: numbers[position]) }
    }

    @inline(__always)
    private func convert<Element>(
        _ type: Element.Type, _ count: Int, _ first: Int, _ numbers: UnsafeMutablePointer<Int64>,
        _ number: (Element) -> Int64
    ) {
        let elements = address.assumingMemoryBound(to: type) + first
        for position in 0..<count { numbers[position] = number(elements[position]) }
    }

    /// Planning has rejected what is no integer.
    @inline(__always)
    private static func whole(_ number: Double) -> Int64 { Int64(exactly: number) ?? 0 }
}
