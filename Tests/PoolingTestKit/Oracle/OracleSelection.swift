import PoolingEngine

/// The cells that footprint, structuring element and mask leave in the windows of a region.
struct OracleSelection {
    private let request: OracleRequest
    private let footprint: [Double]?
    private let structure: OracleStructure?

    init(_ request: OracleRequest) {
        self.request = request
        footprint = request.tensor(.footprint)?.realElements
        structure = OracleStructure(request)
    }

    /// The windows without the cells that take no part; one that is empty before the mask is an error.
    func applied(to geometry: OracleGeometry) throws -> OracleGeometry {
        var windows = geometry.windows
        if footprint != nil || structure != nil {
            windows = windows.map(shaped)
            if windows.contains(where: \.cells.isEmpty) { throw OracleFailure.emptyWindow }
        }
        let isMasked = request.region != "sequence" && request.tensor(.mask) != nil
        if isMasked { windows = windows.map { masked($0, geometry.axes) } }
        return try OracleGeometry(
            axes: geometry.axes, outputShape: geometry.outputShape, windows: windows,
            allowsEmpty: geometry.allowsEmpty || isMasked)
    }

    private func shaped(_ window: OracleWindow) -> OracleWindow {
        func takesPart(_ offset: Int) -> Bool {
            footprint?[offset] != 0 && structure?.number(offset, window.channel) != -.infinity
        }
        var shaped = window
        shaped.cells = window.cells.filter { takesPart($0.offset) }
        // Only a footprint is left out of the counts that ops divide by; a structure is for max and min.
        shaped.declaredCount = window.declaredOffsets.count { takesPart($0) }
        shaped.kernelCount = (0..<window.kernelCount).count { takesPart($0) }
        return shaped
    }

    private func masked(_ window: OracleWindow, _ axes: OracleAxes) -> OracleWindow {
        var masked = window
        masked.cells = window.cells.filter { cell in cell.source.map { isVisible($0, axes) } ?? true }
        let hidden = window.cells.count - masked.cells.count
        masked.declaredCount -= hidden
        masked.kernelCount -= hidden
        return masked
    }

    private func isVisible(_ source: Int, _ axes: OracleAxes) -> Bool {
        guard let mask = request.tensor(.mask) else { return true }
        let position = Coordinates.unflat(source, in: axes.shape)
        let place =
            mask.shape == axes.extents
            ? axes.pooled.map { position[$0] } : zip(position, mask.shape).map { $1 == 1 ? 0 : $0 }
        return mask.realElements[Coordinates.flat(place, in: mask.shape)] != 0
    }
}

/// Numbers that are added to cells before they are compared.
struct OracleStructure {
    private let numbers: [Double]
    private let kernelCount: Int
    private let hasChannels: Bool
    let sign: Double

    init?(_ request: OracleRequest) {
        guard let tensor = request.tensor(.structure), ["max", "min"].contains(request.op) else { return nil }
        numbers = tensor.realElements
        hasChannels = tensor.shape.count > OracleAxes(request).pooled.count
        kernelCount = (hasChannels ? Array(tensor.shape.dropFirst()) : tensor.shape).reduce(1, *)
        sign = request.op == "max" ? 1 : -1
    }

    func place(_ offset: Int, _ channel: Int) -> Int { (hasChannels ? channel * kernelCount : 0) + offset }
    func number(_ offset: Int, _ channel: Int) -> Double { numbers[place(offset, channel)] }

    /// x ± s, in the type that ops compute in.
    func sum(_ value: Double, _ offset: Int, _ channel: Int, _ type: ElementType) -> Double {
        let shift = sign * number(offset, channel)
        return type == .float64 ? value + shift : Double(Float(value) + Float(shift))
    }
}
