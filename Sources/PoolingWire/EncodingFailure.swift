/// A response that a format cannot hold (406), or that could not be written.
package enum EncodingFailure: Error, Sendable {
    case rejected(EncodingRejection)
    case wire(WireError)
}
