import ArgumentParser
import PoolingService

/// The flags of `serve`, one per setting.
///
/// The argument parser finds options by reflection and decodes each by its label; here both come from the table of
/// settings. All values are texts, because the environment gives texts too and both are read by one reader.
struct ServeOptions: ParsableArguments, CustomReflectable {
    private var flags: [Setting: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        for setting in Setting.allCases {
            flags[setting] = try values.decode(Option<String?>.self, forKey: Key(setting)).wrappedValue
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: Setting.allCases.map { (Key($0).stringValue, Self.option($0)) })
    }

    /// What the flags and the environment say together.
    func configuration() throws(ConfigurationError) -> Configuration {
        try Configuration(flags: flags, environment: Environment.variables)
    }

    private static func option(_ setting: Setting) -> Option<String?> {
        let long = NameSpecification.Element.customLong(setting.rawValue)
        let names = setting.shortFlag.map { [.customShort($0), long] } ?? [long]
        return Option(name: NameSpecification(names), help: ArgumentHelp(setting.help))
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ setting: Setting) { stringValue = setting.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
