import Synchronization

/// The keys that open the service, from a file with one key per line; `#` begins a comment line.
package final class APIKeys: Sendable {
    private let path: String
    private let keys: Mutex<[[UInt8]]>

    package init(path: String) throws(ConfigurationError) {
        self.path = path
        keys = Mutex(try Self.load(path))
    }

    /// Reads the file again; on failure the keys stay as they are.
    package func reload() throws(ConfigurationError) {
        let loaded = try Self.load(path)
        keys.withLock { $0 = loaded }
    }

    /// Whether the `Authorization: Bearer` or `X-API-Key` header carries one of the keys.
    func accept(_ headers: RequestHeaders) -> Bool {
        guard let candidate = headers.bearerToken ?? headers.apiKey else { return false }
        let bytes = Array(candidate.utf8)
        return keys.withLock { keys in
            // Every key is compared to its end, so that time tells nothing about any of them.
            keys.reduce(false) { found, key in Self.isEqual(key, bytes) || found }
        }
    }

    /// Compares in a time that depends on the candidate's length only.
    private static func isEqual(_ key: [UInt8], _ candidate: [UInt8]) -> Bool {
        var difference = key.count ^ candidate.count
        for (index, byte) in candidate.enumerated() { difference |= Int(byte ^ key[index % key.count]) }
        return difference == 0
    }

    private static func load(_ path: String) throws(ConfigurationError) -> [[UInt8]] {
        guard let text = TextFile.read(path) else {
            throw ConfigurationError(
                Setting.apiKeyFile.flag, "'\(path)' cannot be read; give a regular file of UTF-8 text, at most 1 MiB")
        }
        let keys = text.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces() }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !keys.isEmpty else {
            throw ConfigurationError(Setting.apiKeyFile.flag, "'\(path)' has no key; write one per line")
        }
        return keys.map { Array($0.utf8) }
    }
}
