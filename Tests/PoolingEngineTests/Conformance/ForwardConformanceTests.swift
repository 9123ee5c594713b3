import PoolingEngine
import PoolingTestKit
import Testing

/// Holds every op over every region to the oracle.
///
/// Nothing here names an op: one that joins the catalogue is tested.
@Suite struct ForwardConformanceTests {
    @Test(arguments: ShapeCorpus.all)
    func `every op agrees with the oracle`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in NamedOp.all where !layer.rejects(op) {
            for type in [ElementType.float64, .float32] {
                let request = layer.request(op, input: op.values.tensor(shape: layer.shape, type))
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: ShapeCorpus.selecting)
    func `every mask names the element that was selected`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in NamedOp.all where op.hasIndices && !layer.rejects(op) {
            let values = op.needs == .positive ? ValueCorpus.positive : .manyTies
            let request = layer.request(op, input: values.tensor(shape: layer.shape, .float32))
                .with("return_indices", true)
            #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op)")
        }
    }

    @Test(arguments: ShapeCorpus.selecting)
    func `ops that select an element keep NaN, infinities and both zeros`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in NamedOp.all where op.selects && op.needs == .nothing {
            for type in [ElementType.float64, .float32, .float16, .bfloat16] {
                let request = layer.request(op, input: ValueCorpus.special.tensor(shape: layer.shape, type))
                    .with("return_indices", true)
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: ShapeCorpus.selecting)
    func `integers are pooled exactly, or their overflow is an error`(_ layer: NamedLayer) throws {
        let windows = try layer.oracle()
        for op in NamedOp.all where op.takesIntegers {
            let values = op.op == "product" ? ValueCorpus.manyTies : .negative
            for type in [ElementType.int16, .uint16, .int32, .int64] {
                let request = layer.request(op, input: values.tensor(shape: layer.shape, type))
                do {
                    _ = try Oracle(request, windowsOf: windows).wholeOutput()
                } catch OracleFailure.integerOverflow {
                    let rejection = try #require(throws: PoolingError.self) { try request.run() }
                    #expect(rejection.reason == .integerOverflow, "\(op), \(type)")
                    continue
                }
                #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(op), \(type)")
            }
        }
    }

    @Test(arguments: ValueCorpus.tame)
    func `values of every kind agree with the oracle`(_ values: ValueCorpus) throws {
        for layer in ShapeCorpus.edges {
            let windows = try layer.oracle()
            for op in NamedOp.all where op.needs == .nothing && !layer.rejects(op) {
                for type in [ElementType.float64, .float32, .float16, .bfloat16] {
                    let request = layer.request(op, input: values.tensor(shape: layer.shape, type))
                    #expect(try disagreement(request, op, windowsOf: windows) == nil, "\(layer), \(op), \(type)")
                }
            }
        }
    }

    @Test(arguments: [ValueCorpus.huge, .tiny])
    func `selected elements survive at the ends of the range`(_ values: ValueCorpus) throws {
        for op in NamedOp.all where op.selects && op.needs == .nothing {
            let layer = ShapeCorpus.named("kernel larger than stride")
            let request = layer.request(op, input: values.tensor(shape: layer.shape, .float32))
            #expect(try disagreement(request, op) == nil, "\(op)")
        }
    }

    @Test(arguments: NamedOp.all)
    func `random requests agree with the oracle`(_ op: NamedOp) throws {
        var requests = RandomRequests(seed: 2026)
        for number in 0..<24 {
            let request = requests.next(op)
            #expect(try disagreement(request, op) == nil, "request \(number): \(request.brief)")
        }
    }
}
