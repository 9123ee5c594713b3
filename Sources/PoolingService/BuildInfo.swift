import CEmbeddedFiles

/// What was built.
package enum BuildInfo {
    package static let version = "1.0.0"
    /// The processor level that the compiler was told to use, such as `x86-64-v3`.
    package static let instructionSet = String(cString: build_instruction_set())
}
