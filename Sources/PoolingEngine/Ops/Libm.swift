import Glibc

/// The C library's functions that ops need, in double precision.
enum Libm {
    @inline(__always) static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    @inline(__always) static func log(_ x: Double) -> Double { Glibc.log(x) }
    @inline(__always) static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }

    /// x^y for x ≥ 0, quick for the powers that occur.
    @inline(__always)
    static func power(_ x: Double, _ y: Double) -> Double {
        if y == 2 { return x * x }
        if y == 1 { return x }
        if y == 3 { return x * x * x }
        if y == 0.5 { return x.squareRoot() }
        return Glibc.pow(x, y)
    }
}
