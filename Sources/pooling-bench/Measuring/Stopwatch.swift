/// Times one piece of work again and again.
struct Stopwatch {
    /// When to stop: after both, so many runs and so much time.
    let minimumRuns: Int
    let minimumSeconds: Double

    /// The seconds of every run after a first one, which warms caches and is not counted.
    func time(_ work: () throws -> Void) rethrows -> Timings {
        try work()
        var seconds: [Double] = []
        var total = 0.0
        while seconds.count < minimumRuns || total < minimumSeconds {
            let run = try Self.seconds(work)
            seconds.append(run)
            total += run
        }
        return Timings(seconds: seconds)
    }

    private static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}

/// What a stopwatch saw.
struct Timings {
    let seconds: [Double]

    var minimum: Double { seconds.min() ?? .nan }

    /// The upper one of the two in the middle where the count is even.
    var median: Double { seconds.isEmpty ? .nan : seconds.sorted()[seconds.count / 2] }
}
