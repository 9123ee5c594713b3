import Glibc
import PoolingService

/// The variables of the environment that are settings.
enum Environment {
    static var variables: [String: String] {
        let given = Setting.allCases.compactMap { setting in
            getenv(setting.variable).map { (setting.variable, String(cString: $0)) }
        }
        return Dictionary(uniqueKeysWithValues: given)
    }
}
