import ArgumentParser

/// The layouts that a command measures.
enum Layouts: String, ExpressibleByArgument, CaseIterable {
    case channelsFirst = "channels_first"
    case channelsLast = "channels_last"
    case both

    var members: [Layout] { Layout(rawValue: rawValue).map { [$0] } ?? Layout.allCases }
}
