/// Every op and every region that this engine offers.
///
/// A new op or region is one line here.
package enum PoolingCatalog {
    /// The members `ops` and `regions` of `GET /v1/operations`.
    package static func describe() -> [Field] { [] }
    /// The names of all ops, in catalogue order.
    package static var operationNames: [String] { [] }
    /// The names of all regions, in catalogue order.
    package static var regionNames: [String] { [] }
}
