import PoolingEngine
import PoolingWire
import RecycledMemory

/// What decoding came to, as text that is the same where the outcome is.
func outcome(_ decode: () throws(WireError) -> DecodedRequest) -> String {
    do {
        let decoded = try decode()
        let tensors = decoded.request.tensors.sorted { $0.key.rawValue < $1.key.rawValue }.map { name, tensor in
            "\(name) \(tensor.elementType) \(tensor.shape) \(tensor.storage.withUnsafeBytes { Array($0) })"
        }
        let request = decoded.request
        return
            "\(request.endpoint) \(String(describing: request.elementType)) \(request.fields) \(tensors) \(decoded.form)"
    } catch {
        return "\(error)"
    }
}
