// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "pooling-server",
    products: [
        .executable(name: "pooling-server", targets: ["pooling-server"]),
        .executable(name: "pooling-bench", targets: ["pooling-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .target(
            name: "CMicroHTTPDSupport", dependencies: ["CMicroHTTPD"], linkerSettings: [.linkedLibrary("gnutls")]),
        .target(
            name: "MicroHTTP", dependencies: ["CMicroHTTPD", "CMicroHTTPDSupport", "RecycledMemory"],
            swiftSettings: settings),
        .target(name: "RecycledMemory", swiftSettings: settings),
        .target(name: "Sharding", swiftSettings: settings),
        .target(name: "CPrefetch"),
        .target(name: "CVectors"),
        .target(
            name: "PoolingEngine", dependencies: ["RecycledMemory", "Sharding", "CPrefetch", "CVectors"],
            swiftSettings: settings),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .target(name: "CPNGSupport", dependencies: ["CPNG"]),
        .target(name: "CDecimal"),
        .target(
            name: "PoolingWire",
            dependencies: [
                "PoolingEngine", "RecycledMemory", "Sharding", "CDecimal", "CVectors", "CZlib", "CZstd", "CPNGSupport",
            ],
            swiftSettings: settings),
        .target(name: "Workers", swiftSettings: settings),
        .target(name: "CEmbeddedFiles", exclude: ["web"]),
        .target(name: "CProcessor"),
        .systemLibrary(name: "CMalloc"),
        .target(
            name: "PoolingService",
            dependencies: [
                "MicroHTTP", "PoolingEngine", "PoolingWire", "RecycledMemory", "Sharding", "Workers", "CEmbeddedFiles",
                "CMalloc",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "pooling-server",
            dependencies: [
                "PoolingService", "PoolingEngine", "CProcessor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "pooling-bench",
            dependencies: [
                "PoolingEngine", "PoolingWire", "RecycledMemory", "Workers", "PoolingTestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .target(
            name: "PoolingTestKit", dependencies: ["PoolingEngine", "RecycledMemory"], path: "Tests/PoolingTestKit",
            swiftSettings: settings),
        .testTarget(name: "RecycledMemoryTests", dependencies: ["RecycledMemory"], swiftSettings: settings),
        .testTarget(
            name: "PoolingEngineTests", dependencies: ["PoolingEngine", "PoolingTestKit", "RecycledMemory", "CMalloc"],
            swiftSettings: settings),
        .testTarget(
            name: "PoolingWireTests",
            dependencies: ["PoolingWire", "PoolingEngine", "PoolingTestKit", "RecycledMemory"],
            swiftSettings: settings),
        .testTarget(name: "MicroHTTPTests", dependencies: ["MicroHTTP", "RecycledMemory"], swiftSettings: settings),
        .testTarget(name: "WorkersTests", dependencies: ["Workers"], swiftSettings: settings),
        .testTarget(
            name: "PoolingServiceTests",
            dependencies: [
                "PoolingService", "MicroHTTP", "PoolingEngine", "PoolingWire", "RecycledMemory", "Workers",
                "PoolingTestKit",
                "Yams",
                "pooling-server",
            ],
            resources: [.copy("Field"), .copy("Golden")],
            swiftSettings: settings),
    ],
    cLanguageStandard: .gnu2x
)
