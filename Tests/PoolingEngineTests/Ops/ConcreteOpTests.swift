import Testing

@testable import PoolingEngine

@Suite struct ConcreteOpTests {
    /// The catalogue calls an op through its protocol; of a generic type that would be code for any type, which is many
    /// times slower.
    @Test(arguments: PoolingCatalog.operationNames)
    func `an op is a concrete type`(name: String) throws {
        let op = try #require(PoolingCatalog.ops.first { $0.descriptor.name == name })
        #expect(!String(describing: op).contains("<"))
    }
}
