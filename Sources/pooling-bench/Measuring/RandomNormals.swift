import Foundation
import PoolingEngine
import PoolingTestKit
import RecycledMemory

/// Normally distributed numbers, the same in every run.
struct RandomNormals {
    /// A prime, so that a tensor that repeats the block does not repeat it in step with its planes.
    private static let blockCount = 1_000_003

    let block: [Float]

    init(seed: UInt64 = 1) {
        var generator = SplitMix64(seed: seed)
        block = (0..<Self.blockCount).map { _ in Self.normal(&generator) }
    }

    /// A tensor filled with the block as often as it takes.
    func tensor(_ shape: [Int], _ elementType: ElementType = .float32, map: (Float) -> Float = { $0 }) -> Tensor {
        let tensor = Tensor(elementType: elementType, shape: shape)
        switch elementType {
        case .float32: fill(tensor, as: Float.self, map)
        case .float64: fill(tensor, as: Double.self) { Double(map($0)) }
        case .float16: fill(tensor, as: Float16.self) { Float16(map($0)) }
        case .bfloat16: fill(tensor, as: UInt16.self) { UInt16(truncatingIfNeeded: map($0).bitPattern >> 16) }
        case .int8: fill(tensor, as: Int8.self) { Int8(clamping: Int(map($0) * 30)) }
        case .uint8, .bool: fill(tensor, as: UInt8.self) { UInt8(clamping: Int(map($0) * 30) + 128) }
        case .int16: fill(tensor, as: Int16.self) { Int16(clamping: Int(map($0) * 5000)) }
        case .uint16: fill(tensor, as: UInt16.self) { UInt16(clamping: Int(map($0) * 5000) + 32768) }
        case .int32: fill(tensor, as: Int32.self) { Int32(map($0) * 1e6) }
        case .int64: fill(tensor, as: Int64.self) { Int64(map($0) * 1e6) }
        }
        return tensor
    }

    private func fill<Element: BitwiseCopyable>(
        _ tensor: Tensor, as type: Element.Type, _ element: (Float) -> Element
    ) {
        let elements = block.map(element)
        tensor.storage.withUnsafeMutableBytes { bytes in
            let target = bytes.bindMemory(to: type)
            for start in stride(from: 0, to: target.count, by: elements.count) {
                let end = min(start + elements.count, target.count)
                _ = target[start..<end].update(fromContentsOf: elements.prefix(end - start))
            }
        }
    }

    /// Box and Muller's transform of two even numbers.
    private static func normal(_ generator: inout SplitMix64) -> Float {
        let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &generator))).squareRoot()
        return Float(radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator)))
    }
}
