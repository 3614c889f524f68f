// swift-tools-version: 6.2
import PackageDescription

// The readers of foreign bytes under libFuzzer and AddressSanitizer. A package of its own: the program's package neither
// builds nor tests it. `Modules` is a link to the program's sources, so what is attacked is compiled here, with the
// attacker's eyes in it. `./run --help` says how to start it.

let swift: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]
let c: [CSetting] = [.treatAllWarnings(as: .error), .unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]

/// A module of the program; the dependencies are those of its own manifest.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Modules/\(name)", swiftSettings: swift)
}

let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "CKernels", path: "Modules/CKernels", cSettings: c),
        .target(name: "CEmbedded", path: "Modules/CEmbedded", exclude: ["storms.csv"], cSettings: c),
        module("Wording"),
        module("FileAccess", ["Wording"]),
        .target(
            name: "TrainCore", dependencies: ["CKernels", "Wording"], path: "Modules/TrainCore",
            exclude: ["TrainCore.docc"], swiftSettings: swift),
        module("JSONText"),
        module("Safetensors", ["TrainCore", "JSONText", "Wording"]),
        module("Tabular", ["TrainCore", "CEmbedded", "JSONText", "Wording"]),
        module("TOMLTree", ["Wording"]),
        module("JobFile", ["TrainCore", "Tabular", "TOMLTree", "FileAccess", "Wording"]),
        module("Canvas", ["Wording"]),
        module("ThemeFile", ["Canvas", "TOMLTree", "CEmbedded", "FileAccess", "Wording"]),
        module("TrainProtocol", ["Wording"]),
        module("JSONLines", ["TrainProtocol", "Wording"]),
        module("Protobuf"),
        module("EventFiles", ["Protobuf"]),
        module("Wire", ["TrainProtocol", "JSONText", "Wording"]),
        module("RemoteEngine", ["Wire", "TrainProtocol", "FileAccess", "Wording"]),

        .systemLibrary(name: "CLibFuzzer", path: "CLibFuzzer"),
        .target(
            name: "FuzzedReaders",
            dependencies: [
                "Canvas", "EventFiles", "JSONLines", "JobFile", "RemoteEngine", "Safetensors", "TOMLTree", "Tabular",
                "ThemeFile", "TrainCore", "TrainProtocol", "Wire", "Wording",
            ],
            path: "Readers", swiftSettings: swift),
        .executableTarget(
            name: "FuzzReaders", dependencies: ["CLibFuzzer", "FuzzedReaders"], path: "Driver", swiftSettings: swift,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x  // for #embed
)
