/// Every op and every region that this engine offers.
///
/// A new op or region is one line here.
package enum PoolingCatalog {
    static let ops: [any PoolingOp.Type] = [
        MaxOp.self,
        MinOp.self,
        MedianOp.self,
        QuantileOp.self,
        AvgOp.self,
        SumOp.self,
        ProductOp.self,
        LpOp.self,
        PowerAvgOp.self,
        LogSumExpOp.self,
        SoftmaxOp.self,
        VarianceOp.self,
        StdOp.self,
        MixedOp.self,
        StochasticOp.self,
        WeightedOp.self,
        FirstOp.self,
        LastOp.self,
        MeanSqrtLenOp.self,
    ]

    static let regions: [any Region.Type] = [
        SlidingRegion.self,
        GlobalRegion.self,
        AdaptiveRegion.self,
        FractionalRegion.self,
        PyramidRegion.self,
        RoIRegion.self,
        RoIAlignRegion.self,
        SequenceRegion.self,
        SegmentsRegion.self,
        BagsRegion.self,
    ]

    private static let opsByName = Dictionary(uniqueKeysWithValues: ops.map { ($0.descriptor.name, $0) })

    /// The region of a request that names none.
    static let defaultRegion: any Region.Type = SlidingRegion.self

    static func op(named name: String) -> (any PoolingOp.Type)? { opsByName[name] }

    /// - Parameter name: nil for the default region.
    static func region(named name: String?) -> (any Region.Type)? {
        guard let name else { return defaultRegion }
        return regions.first { $0.descriptor.name == name }
    }

    /// The names of all ops, in catalogue order.
    package static var operationNames: [String] { ops.map { $0.descriptor.name } }
    /// The names of all regions, in catalogue order.
    package static var regionNames: [String] { regions.map { $0.descriptor.name } }

    /// The op and the region of these names; nil where one is unknown.
    static func descriptors(of op: String?, over region: String?) -> (op: OpDescriptor, region: RegionDescriptor)? {
        guard let op = op.flatMap({ self.op(named: $0) })?.descriptor,
            let region = self.region(named: region)
        else { return nil }
        return (op, region.descriptor)
    }

    /// The parameters of all ops and regions; a name may come several times.
    static var parameters: [ParameterDescriptor] {
        ops.flatMap { $0.descriptor.parameters } + regions.flatMap { $0.descriptor.parameters }
    }

    /// Whether a request over `region` says with `layout` where its channels are.
    package static func takesLayout(region: String?) -> Bool {
        self.region(named: region)?.capabilities.hasSpatialAxes ?? true
    }

    /// Why `op` does not work over `region`; nil where it does.
    package static func rejection(of op: String, over region: String) -> String? {
        guard let type = opsByName[op] else { return nil }
        return self.region(named: region)?.capabilities.rejection(of: type)
    }
}
