/// Counts the memory of requests before it is taken.
package protocol MemoryAccount: AnyObject, Sendable {
    func reserve(_ byteCount: Int) throws(MemoryShortage)
    func release(_ byteCount: Int)
}
