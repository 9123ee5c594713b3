import CEmbeddedFiles

/// Files that are part of the binary.
package enum EmbeddedFiles {
    package static let openAPI = text(embedded_openapi_yaml())

    /// The same as ``openAPI``, as JSON; written by `make openapi`.
    package static let openAPIInJSON = text(embedded_openapi_json())

    static let playground = Page(
        markup: text(embedded_playground_markup()), style: text(embedded_playground_style()), room: "playground")

    static let docs = Page(markup: text(embedded_docs_markup()), style: text(embedded_docs_style()), room: "docs")

    static func text(_ text: embedded_text) -> [UInt8] {
        Array(UnsafeBufferPointer(start: text.bytes, count: text.size))
    }
}
