extension Tensor {
    /// The same numbers in another element type.
    ///
    /// - Parameter name: of the field that holds them, for the message.
    /// - Throws: ``PoolingError/Reason/notRepresentable`` for the first number that `elementType` cannot hold.
    func converted(
        to elementType: ElementType, _ rule: ConversionRule, named name: String, _ workspace: Workspace
    ) throws(PoolingError) -> Tensor {
        if self.elementType == elementType { return self }
        let result = try Tensor(allocating: elementType, shape: shape)
        try workspace.run(WorkUnits(count: count, group: Self.conversionBlock)) { range in
            var start = range.lowerBound
            while start < range.upperBound {
                let block = start..<min(start + Self.conversionBlock, range.upperBound)
                let wrong =
                    self.elementType.isFloatingPoint
                    ? convert(block, Double.self, result, rule) : convert(block, Int64.self, result, rule)
                if let wrong {
                    return DataFault(
                        kind: .notRepresentable(double(at: wrong), elementType, field: name), output: wrong)
                }
                if workspace.isStopped { return .stopped }
                start = block.upperBound
            }
            return nil
        }
        return result
    }

    /// Elements that are converted through one small buffer.
    private static var conversionBlock: Int { 1 << 12 }

    /// - Returns: the index of the first number that does not fit.
    private func convert<Middle: ConversionMiddle>(
        _ range: Range<Int>, _ middle: Middle.Type, _ result: Tensor, _ rule: ConversionRule
    ) -> Int? {
        withUnsafeTemporaryAllocation(of: Middle.self, capacity: range.count) { buffer in
            for index in range {
                buffer.initializeElement(at: index - range.lowerBound, to: Middle.element(of: self, at: index))
            }
            return result.store(UnsafeBufferPointer(buffer), at: range.lowerBound, rule)
        }
    }

    private func store<Middle: ConversionMiddle>(
        _ numbers: UnsafeBufferPointer<Middle>, at first: Int, _ rule: ConversionRule
    ) -> Int? {
        switch elementType {
        case .float32: fill(numbers, first) { $0.float }
        case .float64: fill(numbers, first) { $0.double }
        case .float16: fill(numbers, first) { StoredFloat16(holding: $0.double) }
        case .bfloat16: fill(numbers, first) { StoredBFloat16(holding: $0.double) }
        case .int8: fill(numbers, first) { $0.integer(Int8.self, rule) }
        case .uint8: fill(numbers, first) { $0.integer(UInt8.self, rule) }
        case .int16: fill(numbers, first) { $0.integer(Int16.self, rule) }
        case .uint16: fill(numbers, first) { $0.integer(UInt16.self, rule) }
        case .int32: fill(numbers, first) { $0.integer(Int32.self, rule) }
        case .int64: fill(numbers, first) { $0.integer(Int64.self, rule) }
        case .bool: fill(numbers, first) { $0.integer(UInt8.self, rule).flatMap { $0 <= 1 ? $0 : nil } }
        }
    }

    @inline(__always)
    private func fill<Middle, Stored>(
        _ numbers: UnsafeBufferPointer<Middle>, _ first: Int, _ convert: (Middle) -> Stored?
    ) -> Int? {
        withMutableElements(as: Stored.self) { elements in
            for (index, number) in numbers.enumerated() {
                guard let element = convert(number) else { return first + index }
                elements[first + index] = element
            }
            return nil
        }
    }
}

/// What numbers pass through on their way from one element type to another: `Double` from floating-point types, `Int64` from
/// integers, so that neither loses a digit.
private protocol ConversionMiddle: BitwiseCopyable {
    static func element(of tensor: Tensor, at index: Int) -> Self

    /// The nearest; nil where only an infinity is near a finite number.
    var float: Float? { get }
    var double: Double { get }
    func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, _ rule: ConversionRule) -> Integer?
}

extension Double: ConversionMiddle {
    @inline(__always)
    fileprivate static func element(of tensor: Tensor, at index: Int) -> Double { tensor.double(at: index) }

    @inline(__always)
    fileprivate var float: Float? { Float(holding: self) }

    @inline(__always)
    fileprivate func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, _ rule: ConversionRule) -> Integer? {
        switch rule {
        case .exact: Integer(exactly: self)
        case .clamped:
            isNaN ? 0 : Integer(exactly: rounded(.toNearestOrEven)) ?? (self < 0 ? .min : .max)
        }
    }
}

extension Int64: ConversionMiddle {
    @inline(__always)
    fileprivate static func element(of tensor: Tensor, at index: Int) -> Int64 { Int64(tensor.integer(at: index)) }

    fileprivate var float: Float? { Float(self) }
    fileprivate var double: Double { Double(self) }

    @inline(__always)
    fileprivate func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, _ rule: ConversionRule) -> Integer? {
        switch rule {
        case .exact: Integer(exactly: self)
        case .clamped: Integer(clamping: self)
        }
    }
}
