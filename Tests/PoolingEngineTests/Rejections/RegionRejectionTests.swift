import PoolingEngine
import Testing

/// The combinations that the contract excludes, listed a second time: other tests take them from the catalogue.
@Suite struct RegionRejectionTests {
    @Test(
        arguments: [
            ("sliding", []), ("global", []), ("sequence", []), ("segments", []), ("bags", []),
            ("adaptive", ["weighted"]), ("fractional", ["weighted"]), ("pyramid", ["weighted"]), ("roi", ["weighted"]),
        ] as [(String, [String])])
    func `a region works with all ops but these`(_ region: String, _ excluded: [String]) {
        #expect(Self.ops(region) { $0 != nil } == excluded)
    }

    @Test func `samples between elements are averaged or compared`() {
        #expect(Self.ops("roi_align") { $0 == nil } == ["max", "avg"])
    }

    /// The ops whose rejection over `region` is so.
    private static func ops(_ region: String, where isSo: (String?) -> Bool) -> [String] {
        PoolingCatalog.operationNames.filter { isSo(PoolingCatalog.rejection(of: $0, over: region)) }
    }
}
