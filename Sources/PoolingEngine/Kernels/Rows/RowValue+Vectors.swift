import CVectors

/// The vectors of each number type: 64 bytes, which are one register of AVX-512, two of AVX2 and four of SSE and NEON, so
/// that a loop has several folds on their way at once; 32 bytes where no type holds two of them.

extension Float: IndexedRowValue, SummedRowValue {
    typealias Index = Int32
    typealias Vector = SIMD16<Float>
    typealias Half = SIMD8<Float>
    typealias Mask = SIMDMask<SIMD16<Int32>>

    @inline(__always) var isUnordered: Bool { self != self }
    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { vector .!= vector }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func matches(_ all: Vector, _ one: Self) -> UInt64 { cvectors_match_float16(all, one) }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<Float>) -> (evens: Vector, odds: Vector) {
        let first = load(cells)
        let second = load(cells + 16)
        return (
            SIMD16(lowHalf: first.evenHalf, highHalf: second.evenHalf),
            SIMD16(lowHalf: first.oddHalf, highHalf: second.oddHalf)
        )
    }
    @inline(__always) static func sum(_ first: Vector, _ second: Vector) -> Vector { cvectors_float_sum(first, second) }
    @inline(__always) static func quotient(_ first: Vector, _ second: Vector) -> Vector { first / second }
}

extension Double: IndexedRowValue, SummedRowValue {
    typealias Index = Int64
    typealias Vector = SIMD8<Double>
    typealias Half = SIMD4<Double>
    typealias Mask = SIMDMask<SIMD8<Int64>>

    @inline(__always) var isUnordered: Bool { self != self }
    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { vector .!= vector }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func matches(_ all: Vector, _ one: Self) -> UInt64 { cvectors_match_double8(all, one) }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<Double>) -> (evens: Vector, odds: Vector) {
        let first = load(cells)
        let second = load(cells + 8)
        return (
            SIMD8(lowHalf: first.evenHalf, highHalf: second.evenHalf),
            SIMD8(lowHalf: first.oddHalf, highHalf: second.oddHalf)
        )
    }
    @inline(__always) static func sum(_ first: Vector, _ second: Vector) -> Vector { cvectors_sum(first, second) }
    @inline(__always) static func quotient(_ first: Vector, _ second: Vector) -> Vector { first / second }
}

extension Int32: IndexedRowValue {
    typealias Index = Int32
    typealias Vector = SIMD16<Int32>
    typealias Half = SIMD8<Int32>
    typealias Mask = SIMDMask<SIMD16<Int32>>

    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { nil }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func matches(_ all: Vector, _ one: Self) -> UInt64 { cvectors_match_int16(all, one) }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<Int32>) -> (evens: Vector, odds: Vector) {
        let first = load(cells)
        let second = load(cells + 16)
        return (
            SIMD16(lowHalf: first.evenHalf, highHalf: second.evenHalf),
            SIMD16(lowHalf: first.oddHalf, highHalf: second.oddHalf)
        )
    }
}

extension Int64: IndexedRowValue {
    typealias Index = Int64
    typealias Vector = SIMD8<Int64>
    typealias Half = SIMD4<Int64>
    typealias Mask = SIMDMask<SIMD8<Int64>>

    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { nil }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func matches(_ all: Vector, _ one: Self) -> UInt64 { cvectors_match_long8(all, one) }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<Int64>) -> (evens: Vector, odds: Vector) {
        let first = load(cells)
        let second = load(cells + 8)
        return (
            SIMD8(lowHalf: first.evenHalf, highHalf: second.evenHalf),
            SIMD8(lowHalf: first.oddHalf, highHalf: second.oddHalf)
        )
    }
}

extension Int16: RowValue {
    typealias Vector = SIMD32<Int16>
    typealias Half = SIMD16<Int16>
    typealias Mask = SIMDMask<SIMD32<Int16>>

    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { nil }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<Int16>) -> (evens: Vector, odds: Vector) {
        let both = UnsafeRawPointer(cells).loadUnaligned(as: SIMD64<Int16>.self)
        return (both.evenHalf, both.oddHalf)
    }
}

extension UInt16: RowValue {
    typealias Vector = SIMD32<UInt16>
    typealias Half = SIMD16<UInt16>
    typealias Mask = SIMDMask<SIMD32<Int16>>

    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { nil }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<UInt16>) -> (evens: Vector, odds: Vector) {
        let both = UnsafeRawPointer(cells).loadUnaligned(as: SIMD64<UInt16>.self)
        return (both.evenHalf, both.oddHalf)
    }
}

extension Int8: RowValue {
    typealias Vector = SIMD32<Int8>
    typealias Half = SIMD16<Int8>
    typealias Mask = SIMDMask<SIMD32<Int8>>

    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { nil }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<Int8>) -> (evens: Vector, odds: Vector) {
        let both = UnsafeRawPointer(cells).loadUnaligned(as: SIMD64<Int8>.self)
        return (both.evenHalf, both.oddHalf)
    }
}

extension UInt8: RowValue {
    typealias Vector = SIMD32<UInt8>
    typealias Half = SIMD16<UInt8>
    typealias Mask = SIMDMask<SIMD32<Int8>>

    @inline(__always) static func isLess(_ first: Vector, _ second: Vector) -> Mask { first .< second }
    @inline(__always) static func unordered(_ vector: Vector) -> Mask? { nil }
    @inline(__always) static func either(_ first: Mask, _ second: Mask) -> Mask { first .| second }
    @inline(__always) static func both(_ first: Mask, not second: Mask) -> Mask { first .& .!second }
    @inline(__always) static func choose(_ takesSecond: Mask, _ first: Vector, _ second: Vector) -> Vector {
        first.replacing(with: second, where: takesSecond)
    }
    @inline(__always) static func widened(_ half: Half) -> Vector { Vector(lowHalf: half, highHalf: Half()) }
    @inline(__always) static func firstHalf(_ vector: Vector) -> Half { vector.lowHalf }
    @inline(__always) static func split(_ cells: UnsafePointer<UInt8>) -> (evens: Vector, odds: Vector) {
        let both = UnsafeRawPointer(cells).loadUnaligned(as: SIMD64<UInt8>.self)
        return (both.evenHalf, both.oddHalf)
    }
}
