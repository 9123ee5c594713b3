import Glibc

/// The C library's functions that ops need, in double precision.
enum Libm {
    @inline(__always) static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
}
