/// Geometries that are made one after the other while a layer is computed, so that a plan holds none of them.
struct WindowParts: Sendable {
    var count: Int
    let inputShape: [Int]
    let outputShape: [Int]
    let indexing: IndexScheme
    /// Taps of all windows of all parts, or an upper bound; saturates.
    let taps: Int
    /// Windows of all parts, in all planes.
    let windows: Int
    /// The most taps that one window has.
    let largestWindow: Int
    /// Planes of each part.
    var planeCount: Int
    /// Windows of a row that are side by side in tiles; 1 where only planes do.
    var rowLength = 1
    /// Whether parts read the same elements of the input, so that only planes divide a gradient.
    let sharesInput: Bool
    /// The samples of the batch that parts read, if each reads one; nil elsewhere.
    var samples: Samples?
    /// Elements of the input that belong to each part, one after the other from its first plane on, where all elements
    /// belong to a part that has windows; nil elsewhere.
    var ownElements: Int?
    /// Bytes of the tables that a part makes of lists in the request.
    var tableByteCount = 0
    /// Whether some outputs belong to no window and are filled beforehand.
    var leavesOutputs = false
    /// How often all windows of the parts together read an element, at most; nil where that follows from their number.
    var shareCount: Int?
    /// Whether some cells of windows take no part.
    var isSelective = false
    /// The value of outputs that belong to no window.
    var emptyValue = FieldNumber(0)
    /// The sample of the batch that each part reads.
    struct Samples: Sendable {
        let count: Int
        let sample: @Sendable (_ part: Int) -> Int
    }

    /// - Throws: ``PoolingError/Reason/outOfMemory``.
    var part: @Sendable (_ number: Int) throws(PoolingError) -> WindowGeometry

    /// The same parts, each changed by `transform` when it is made.
    func map(_ transform: @escaping @Sendable (WindowGeometry) -> WindowGeometry) -> WindowParts {
        var mapped = self
        mapped.part = { [part] (number) throws(PoolingError) in transform(try part(number)) }
        return mapped
    }
}

extension WindowParts {
    /// How often one element is read by all windows together, at most; saturates.
    var largestShareCount: Int {
        if let shareCount { return shareCount }
        let perPlane = windows / max(planeCount, 1)
        return sharesInput ? perPlane : min(perPlane / max(count, 1), largestWindow)
    }

    /// Calls `body` with the geometry of each part in `range` that is wanted and has windows, until it returns a fault.
    func forEach(
        in range: Range<Int>, where isWanted: (_ part: Int) -> Bool = { _ in true },
        _ body: (WindowGeometry) -> DataFault?
    ) -> DataFault? {
        for number in range where isWanted(number) {
            do throws(PoolingError) {
                let geometry = try part(number)
                guard geometry.windowCount > 0 else { continue }
                if let fault = body(geometry) { return fault }
            } catch {
                return error.reason == .stopped ? .stopped : .outOfMemory
            }
        }
        return nil
    }

    /// Calls `body` with the geometry of each part that has windows, one after the other.
    func forEach(_ body: (WindowGeometry) throws(PoolingError) -> Void) throws(PoolingError) {
        for number in 0..<count {
            let geometry = try part(number)
            if geometry.windowCount > 0 { try body(geometry) }
        }
    }

    /// Whether there are enough parts to give each slice several.
    func suffice(slices: Int) -> Bool { count >= 2 * slices || slices == 1 }
}
