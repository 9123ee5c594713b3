extension OracleGeometry {
    /// A second definition of each region, so that no fault of the engine's is in both; it asks the catalogue nothing.
    static func of(_ request: OracleRequest) throws -> OracleGeometry {
        switch request.region {
        case "sliding": try sliding(request)
        case "global": try global(request)
        case "adaptive": try adaptive(request)
        case "fractional": try fractional(request)
        case "pyramid": try pyramid(request)
        case "roi": try roi(request)
        case "roi_align": try roiAlign(request)
        case "sequence": try sequence(request)
        case "segments": try segments(request)
        case "bags": try bags(request)
        default: throw OracleFailure.unknown("region \(request.region)")
        }
    }
}
