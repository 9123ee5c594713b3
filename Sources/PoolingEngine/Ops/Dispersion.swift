/// A measure of how far the cells of windows are from their mean, such as the variance.
protocol Dispersion: Sendable {
    static var descriptor: OpDescriptor { get }

    /// - Parameter mean: of the squared deviations, over the squared scale; so it is for ``factor(_:mean:share:)``.
    static func value<Element>(_ deviation: Deviation<Element>, mean: Lanes) -> Lanes

    /// The derivatives over the deviations of the cells.
    ///
    /// - Parameter share: of one squared deviation in the mean.
    static func factor<Element>(_ deviation: Deviation<Element>, mean: Lanes, share: Lanes) -> Lanes
}
