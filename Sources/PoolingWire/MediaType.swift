/// The media types of the wire formats.
package enum MediaType {
    package static let json = "application/json"
    package static let npy = "application/x-npy"
    package static let safetensors = "application/vnd.safetensors"
    package static let png = "image/png"
    package static let octetStream = "application/octet-stream"
}
