import Glibc

/// The process's limit on open files.
enum DescriptorLimit {
    /// What a server has open in addition to its connections, sockets that linger among it.
    private static let reserve = 512

    static func raise(toHold connections: Int) {
        var limit = rlimit()
        let wanted = rlim_t(connections + reserve)
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0, limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(files, &limit)
    }
}
