#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Prints a line that a reader at the other end of a pipe sees at once.
func announce(_ line: String) {
    print(line)
    fflush(nil)
}
