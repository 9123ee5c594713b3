/// Windows of which a mask or a footprint leaves out cells.
extension WindowReader {
    /// Lays out the taps that footprint and mask leave, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func layOutSelected() -> Bool {
        let footprint = geometry.footprint
        declaredCount =
            footprint.map(declaredCount(of:)) ?? axes.reduce(1) { $0.multipliedSaturating(by: $1.declared) }
        wholeCount = footprint?.count ?? axes.reduce(1) { $0.multipliedSaturating(by: $1.whole) }
        tapCount = 0
        guard let last = axes.last, !axes.contains(where: { $0.count == 0 }) else { return true }
        guard let count = layOutPrefixes() else { return false }
        return withEntries(footprint?.cells) { cells in
            withEntries(geometry.mask?.cells) { mask in
                for prefix in 0..<count {
                    guard select(prefix: prefix, last, cells: cells, mask: mask) else { return false }
                }
                return true
            }
        }
    }

    private func withEntries<R>(_ tensor: Tensor?, _ body: (UnsafePointer<UInt8>?) -> R) -> R {
        guard let tensor else { return body(nil) }
        return tensor.withElements(as: UInt8.self) { body($0.baseAddress) }
    }

    /// - Returns: how many there are; nil where it is stopped.
    private func layOutPrefixes() -> Int? {
        (prefixes.offsets[0], prefixes.kernelOffsets[0], prefixes.maskEntries[0]) = (0, 0, maskBase)
        var count = 1
        for axis in axes.indices.dropLast() {
            let window = axes[axis]
            let (stride, kernelStride) = (inputStrides[axis], kernelStrides[axis])
            let maskStride = geometry.mask?.strides[axis] ?? 0
            for entry in (0..<count).reversed() {
                let (offset, kernelOffset) = (prefixes.offsets[entry], prefixes.kernelOffsets[entry])
                let maskEntry = prefixes.maskEntries[entry]
                let goesOn = forEachTap(axis, window) { tap, source, number in
                    let index = entry &* window.count &+ tap
                    prefixes.offsets[index] = self.offset(offset, axis, source, stride)
                    prefixes.kernelOffsets[index] = kernelOffset &+ number &* kernelStride
                    prefixes.maskEntries[index] = maskEntry &+ max(source, 0) &* maskStride
                }
                guard goesOn else { return nil }
            }
            count &*= window.count
        }
        return count
    }

    /// Lists the taps of the last axis behind one prefix, without those that the mask hides, unless it is stopped.
    @inline(__always)
    private func select(
        prefix: Int, _ window: AxisWindow, cells: UnsafePointer<UInt8>?, mask: UnsafePointer<UInt8>?
    ) -> Bool {
        let axis = axes.count &- 1
        let (first, kernelFirst) = (prefixes.offsets[prefix], prefixes.kernelOffsets[prefix])
        let maskFirst = prefixes.maskEntries[prefix]
        let maskStride = geometry.mask?.strides[axis] ?? 0
        let stride = inputStrides[axis]
        var (count, hidden) = (tapCount, 0)
        let goesOn = forEachTap(axis, window) { _, source, number in
            let kernelOffset = kernelFirst &+ number
            if let cells, cells[kernelOffset] == 0 { return }
            let offset = offset(first, axis, source, stride)
            if let mask, offset >= 0, mask[maskFirst &+ source &* maskStride] == 0 {
                hidden &+= 1
                return
            }
            offsets[count] = offset
            kernelOffsets[count] = kernelOffset
            count &+= 1
        }
        tapCount = count
        declaredCount &-= hidden
        wholeCount &-= hidden
        return goesOn
    }
}
