import Testing

/// Gives a suite one running server, ``RunningServer/current``, and checks that it ends in good order.
struct RunningServer: SuiteTrait, TestScoping {
    @TaskLocal static var current: ServerProcess?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let server = try await ServerProcess.start()
        let outcome: Result<Void, any Error>
        do {
            try await Self.$current.withValue(server, operation: function)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        #expect(await server.stop() == 0, "\(server.log)")
        try outcome.get()
    }
}

extension Trait where Self == RunningServer {
    static var runningServer: Self { Self() }
}
