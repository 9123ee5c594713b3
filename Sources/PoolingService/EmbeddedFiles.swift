import CEmbeddedFiles

/// Files that are part of the binary.
package enum EmbeddedFiles {
    package static let openAPI = Array(
        UnsafeBufferPointer(start: embedded_openapi_yaml_pointer(), count: embedded_openapi_yaml_size))
}
