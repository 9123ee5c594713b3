import Glibc
import PoolingService

/// The variables of the environment that are settings, and what the environment lacks.
enum Environment {
    static var variables: [String: String] {
        let given = Setting.allCases.compactMap { setting in
            getenv(setting.variable).map { (setting.variable, String(cString: $0)) }
        }
        return Dictionary(uniqueKeysWithValues: given)
    }

    /// A warning for each variable that looks like a setting and is none, and where arguments cannot be read.
    static var warnings: [String] {
        // Swift reads the arguments there.
        let knowsArguments = access("/proc/self/cmdline", R_OK) == 0
        return mistakes
            + (knowsArguments ? [] : ["/proc is not mounted: arguments have no effect, only the environment has"])
    }

    private static var mistakes: [String] {
        let settings = Setting.allCases.map(\.variable)
        return names.filter { isMistake($0, settings) }.sorted().map { name in
            "\(name) is not a setting and has no effect; 'pooling-server serve --help' lists those that are"
        }
    }

    private static func isMistake(_ name: String, _ settings: [String]) -> Bool {
        name.hasPrefix(prefix) && !settings.contains(name) && !others.contains(name) && !isServiceLink(name)
    }

    private static let prefix = "POOLING_SERVER_"

    /// Read by clients and by the tests.
    private static let others = ["POOLING_SERVER_URL", "POOLING_SERVER_BINARY"]

    /// Kubernetes describes a Service named `pooling-server` to every pod in such variables.
    private static func isServiceLink(_ name: String) -> Bool {
        let rest = name.dropFirst(prefix.count)
        return rest.hasPrefix("SERVICE_") || (rest.hasPrefix("PORT_") && rest.dropFirst(5).first?.isNumber == true)
    }

    private static var names: [String] {
        var names: [String] = []
        var entry = environ
        while let text = entry.pointee {
            names.append(String(String(cString: text).prefix { $0 != "=" }))
            entry += 1
        }
        return names
    }
}
