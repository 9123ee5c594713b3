import PoolingEngine

/// What the catalogue says about a region, as its clients read it.
package struct CatalogRegion: Sendable {
    private let parameters: Set<String>
    private let takesLayout: Bool

    /// Whether windows are made of samples between elements, of which no element can be selected.
    package var isSampled: Bool { parameters.contains("sampling_ratio") }
    /// Whether elements can be left out; the mask of a region that has no layout says which steps it takes.
    package var takesElementMask: Bool { takesLayout && parameters.contains("mask") }
    package var takesFootprint: Bool { parameters.contains("footprint") }

    /// The region of that name, which must be there.
    package static func named(_ name: String) -> CatalogRegion {
        guard let region = all[name] else { preconditionFailure("there is no region '\(name)'") }
        return region
    }

    private static let all: [String: CatalogRegion] = {
        let entries = PoolingCatalog.describe().first { $0.name == "regions" }?.value.entries ?? []
        return Dictionary(uniqueKeysWithValues: zip(PoolingCatalog.regionNames, entries.map(CatalogRegion.init)))
    }()

    private init(_ entry: FieldValue) {
        parameters = Set((entry.member("parameters")?.entries ?? []).compactMap { $0.member("name")?.text })
        takesLayout = PoolingCatalog.takesLayout(region: entry.member("name")?.text)
    }
}

extension FieldValue {
    fileprivate func member(_ name: String) -> FieldValue? {
        if case .object(let members) = self { members.first { $0.name == name }?.value } else { nil }
    }

    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
