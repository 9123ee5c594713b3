/// What an op's parameters depend on.
struct OpContext: Sendable {
    /// Whether averages count padding unless the request says otherwise; nil where there is no padding.
    let countsPadding: Bool?
    /// Whether weights may differ from channel to channel.
    let hasChannelWeights: Bool
    /// Whether a structuring element can be added to the cells of windows.
    let hasStructure: Bool
}
