import PoolingEngine

/// Reads one JSON value that is all of `text`.
func parseJSONValue(_ text: [UInt8]) throws(WireError) -> FieldValue {
    try text.withUnsafeBufferPointer { (bytes) throws(WireError) in
        try parseJSONValue(UnsafeRawBufferPointer(bytes))
    }
}

/// Reads one JSON value that is all of `text`.
func parseJSONValue(_ text: UnsafeRawBufferPointer) throws(WireError) -> FieldValue {
    var reader = JSONReader(text)
    reader.skipWhitespace()
    let value = try reader.takeValue()
    try reader.takeEnd()
    try reader.throwRejection()
    return value
}
