import PoolingTestKit
import Synchronization
import Testing

@testable import PoolingEngine

/// A deadline ends a computation within milliseconds, so that nothing that grows with a request goes on without a look.
@Suite struct StoppedComputationTests {
    /// Counts how often it is asked whether to stop, and says so from a given time on.
    private final class Looks: Sendable {
        private let taken = Mutex(0)
        private let limit: Int

        init(until limit: Int = .max) { self.limit = limit }

        var count: Int { taken.withLock { $0 } }

        var cancellation: Cancellation {
            Cancellation { [self] in
                taken.withLock {
                    $0 += 1
                    return $0 > limit
                }
            }
        }
    }

    private static let side = 1024
    private static let input = Tensor(elementType: .float32, shape: [1, 1, side, side], zeroed: true)
    private static let cells = Tensor(
        [0] + [Double](repeating: 1, count: side * side - 1), shape: [side, side], .bool)

    /// `first` reads one cell of its window, so that laying the window out is all there is to do.
    @Test(arguments: [TensorName.footprint, .mask]) func `a large window is laid out only until it is stopped`(
        _ selection: TensorName
    ) throws {
        let fields: Fields = selection == .mask ? ["kernel": [1024, 1024]] : [:]
        let request = request("first", fields, input: Self.input, [selection: Self.cells])
        let (plan, operands) = (try PoolingPlan(request, limits: .roomy), try Operands(request))
        let looks = Looks()
        _ = try plan.execute(operands, in: Workspace(cancellation: looks.cancellation))
        #expect(looks.count >= 4)
        let few = Looks(until: 2)
        #expect(throws: PoolingError.self) {
            try plan.execute(operands, in: Workspace(cancellation: few.cancellation))
        }
        #expect(few.count == 3)
    }

    @Test func `rows are sorted by segment only until it is stopped`() throws {
        let rows = 1 << 18
        let ids = try Tensor(allocating: .int32, shape: [rows])
        ids.withMutableElements(as: Int32.self) { ids in
            for row in ids.indices { ids[row] = Int32(row * 7919 % 100_003) }
        }
        let looks = Looks()
        _ = try RowGroups(ids: ids, looks.cancellation)
        // Reading the ids, two digits with two passes each, and finding where groups start.
        #expect(looks.count >= 6 * rows / Cancellation.numbersBetweenLooks)
        let few = Looks(until: 40)
        #expect(throws: PoolingError.self) { try RowGroups(ids: ids, few.cancellation) }
        #expect(few.count == 41)
    }

    @Test(arguments: [1, 3]) func `elements are added up in parts, each once`(_ slices: Int) throws {
        let count = 300_000
        var workspace = Workspace()
        workspace.slices = slices
        let visits = Mutex([Int](repeating: 0, count: count))
        try workspace.forEachPart(of: count) { part in
            visits.withLock { for index in part { $0[index] += 1 } }
        }
        #expect(visits.withLock { $0.allSatisfy { $0 == 1 } })
    }

    @Test func `elements are added up only until it is stopped`() throws {
        let looks = Looks(until: 2)
        let parts = Mutex(0)
        #expect(throws: PoolingError.self) {
            try Workspace(cancellation: looks.cancellation).forEachPart(of: 1 << 20) { _ in parts.withLock { $0 += 1 } }
        }
        #expect(parts.withLock { $0 } == 2)
    }
}
