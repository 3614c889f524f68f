// swift-tools-version: 6.2
import PackageDescription

// One rule for every Swift target: Swift 6 language mode, warnings are errors, imports say what they show.
let swift: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "traintui",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "traintui", targets: ["traintui"]),
        .library(name: "TrainCore", targets: ["TrainCore", "Wording"]),
        .library(name: "Tabular", targets: ["Tabular"]),
        .library(name: "TrainProtocol", targets: ["TrainProtocol", "Wording"]),
        .library(name: "TrainEngine", targets: ["TrainProtocol", "TrainEngine"]),
        .library(name: "Dashboard", targets: ["Dashboard", "LiveDashboard"]),
    ],
    dependencies: [
        // The command line: parsing, --help, shell completions.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // The dependencies of each target are the only arrows there are.

        // Foundations in C, and files that travel inside the binary.
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
        .target(name: "CKernels", cSettings: c),
        .target(name: "CEmbedded", cSettings: c),
        // What must run inside of signal handlers, where Swift must not.
        .target(name: "CTerminalGuard", cSettings: c),

        // SHA-256, by which a journal knows its data again. Our own for the first build and the size: swift-crypto, which
        // brings all of BoringSSL, took 260 s of processor time, 45 % of the first build, and 12.7 of the binary's 32.4 MB,
        // and reads no faster.
        .target(name: "CSHA256", cSettings: c),
        .target(name: "SecureHash", dependencies: ["CSHA256"], swiftSettings: swift),

        // Words for errors and ranges of numbers, shared by all who read what people write.
        .target(name: "Wording", swiftSettings: swift),

        // JSON from elsewhere, read strictly.
        .target(name: "JSONText", swiftSettings: swift),

        // The one way to files and to what the program says: plain system calls.
        .target(name: "FileAccess", dependencies: ["Wording"], swiftSettings: swift),

        // What TensorBoard reads.
        .target(name: "Protobuf", swiftSettings: swift),
        .target(name: "EventFiles", dependencies: ["Protobuf"], swiftSettings: swift),

        // Numbers.
        .target(name: "TrainCore", dependencies: ["CKernels", "Wording"], swiftSettings: swift),
        .target(name: "Safetensors", dependencies: ["TrainCore", "JSONText", "Wording"], swiftSettings: swift),
        .target(
            name: "Tabular", dependencies: ["CKernels", "TrainCore", "CEmbedded", "JSONText", "Wording"],
            swiftSettings: swift),

        // Files that people write.
        .target(name: "TOMLTree", dependencies: ["Wording"], swiftSettings: swift),
        .target(
            name: "JobFile", dependencies: ["TrainCore", "Tabular", "TOMLTree", "FileAccess", "Wording"],
            swiftSettings: swift),
        .target(
            name: "ThemeFile", dependencies: ["Canvas", "TOMLTree", "CEmbedded", "FileAccess", "Wording"],
            swiftSettings: swift),

        // What is said between a training and whoever steers it, and the same as text: in journals, to other programs.
        .target(name: "TrainProtocol", dependencies: ["Wording"], swiftSettings: swift),
        .target(name: "JSONLines", dependencies: ["TrainProtocol", "Wording"], swiftSettings: swift),

        // The same between two processes: messages, and a training elsewhere as an engine.
        .target(name: "Wire", dependencies: ["TrainProtocol", "JSONText", "Wording"], swiftSettings: swift),
        .target(
            name: "RemoteEngine", dependencies: ["Wire", "TrainProtocol", "FileAccess", "Wording"],
            swiftSettings: swift),

        // A training of this process, as dashboards elsewhere see it.
        .target(
            name: "RunServer", dependencies: ["RemoteEngine", "Wire", "TrainProtocol", "FileAccess"],
            swiftSettings: swift),

        // Time.
        .target(
            name: "TrainEngine", dependencies: ["TrainProtocol", "TrainCore", "Wording"], swiftSettings: swift),

        // A run as a script for Keras.
        .target(
            name: "KerasExport", dependencies: ["TrainCore", "Tabular", "JobFile", "TrainProtocol", "Wording"],
            swiftSettings: swift),

        // A trained model as a file for onnxruntime.
        .target(
            name: "ONNXExport", dependencies: ["Protobuf", "TrainCore", "Tabular", "Wording"], swiftSettings: swift),

        // Pictures.
        .target(name: "Canvas", dependencies: ["Wording"], swiftSettings: swift),
        .target(name: "RunModel", dependencies: ["TrainProtocol"], swiftSettings: swift),
        .target(
            name: "Dashboard", dependencies: ["Canvas", "RunModel", "TrainProtocol", "Wording"], swiftSettings: swift),
        .target(
            name: "NcursesTerminal", dependencies: ["Canvas", "CNcurses", "CTerminalGuard"], swiftSettings: swift),

        // The dashboard in the terminal, over any training.
        .target(
            name: "LiveDashboard",
            dependencies: [
                "Canvas", "Dashboard", "FileAccess", "NcursesTerminal", "RunModel", "ThemeFile", "TrainProtocol",
            ],
            swiftSettings: swift),

        // The program.
        .executableTarget(
            name: "traintui",
            dependencies: [
                // First: it takes longest to build, and nothing waits for it but the program.
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                "TrainCore", "Safetensors", "Tabular", "TOMLTree", "JobFile", "JSONLines", "JSONText", "KerasExport",
                "ONNXExport",
                "RemoteEngine", "RunServer", "TrainEngine", "TrainProtocol", "Wording", "FileAccess", "Canvas",
                "Dashboard",
                "RunModel", "ThemeFile",
                "LiveDashboard", "NcursesTerminal", "CTerminalGuard", "CEmbedded", "SecureHash", "EventFiles",
            ],
            swiftSettings: swift),

        // A program that counts what a step takes from the heap. Nothing depends on it: in place of the C library's
        // allocator it must stand in no other program, the tests' among them.
        .target(name: "CHeapCalls", path: "Tests/CHeapCalls", cSettings: c),
        .executableTarget(
            name: "StepHeapCalls", dependencies: ["TrainCore", "CHeapCalls"], path: "Tests/StepHeapCalls",
            swiftSettings: swift),
        .testTarget(
            name: "TrainCoreTests", dependencies: ["TrainCore", "CKernels", "Safetensors", "Wording"],
            exclude: ["Golden", "Reference/safetensors_cases.py"],
            swiftSettings: swift),
        // Chance that is the same in every run.
        .target(name: "RandomTesting", path: "Tests/RandomTesting", swiftSettings: swift),
        .testTarget(name: "SecureHashTests", dependencies: ["SecureHash", "RandomTesting"], swiftSettings: swift),
        .testTarget(name: "ProtobufTests", dependencies: ["Protobuf"], swiftSettings: swift),
        .testTarget(name: "EventFilesTests", dependencies: ["EventFiles", "Protobuf"], swiftSettings: swift),
        .testTarget(name: "WordingTests", dependencies: ["Wording"], swiftSettings: swift),
        .testTarget(name: "FileAccessTests", dependencies: ["FileAccess", "Wording"], swiftSettings: swift),
        .testTarget(name: "TOMLTreeTests", dependencies: ["TOMLTree", "RandomTesting"], swiftSettings: swift),
        .testTarget(name: "TabularTests", dependencies: ["Tabular", "TrainCore"], swiftSettings: swift),
        .testTarget(
            name: "JobFileTests", dependencies: ["JobFile", "TOMLTree", "Tabular", "TrainCore"], swiftSettings: swift),
        .testTarget(
            name: "TrainProtocolTests", dependencies: ["TrainProtocol", "RandomTesting"], swiftSettings: swift),
        .testTarget(
            name: "TrainEngineTests",
            dependencies: ["TrainEngine", "TrainProtocol", "TrainCore", "RandomTesting"], swiftSettings: swift),
        .testTarget(
            name: "JSONLinesTests",
            dependencies: ["JSONLines", "TrainProtocol", "TrainEngine", "TrainCore", "JobFile", "Tabular", "TOMLTree"],
            exclude: ["Journals"],
            swiftSettings: swift),
        // What the fuzzer attacks, a little of it with every run of the tests.
        .target(
            name: "FuzzedReaders",
            dependencies: [
                "Canvas", "EventFiles", "JSONLines", "JobFile", "RemoteEngine", "Safetensors", "TOMLTree", "Tabular",
                "ThemeFile", "TrainCore", "TrainProtocol", "Wire", "Wording",
            ],
            path: "Tests/Fuzzing/Readers", swiftSettings: swift),
        .testTarget(
            name: "FuzzedReadersTests", dependencies: ["FuzzedReaders", "RandomTesting"], swiftSettings: swift),
        .testTarget(name: "WireTests", dependencies: ["Wire", "TrainProtocol"], swiftSettings: swift),
        .testTarget(
            name: "RemoteEngineTests", dependencies: ["RemoteEngine", "Wire", "TrainProtocol", "RandomTesting"],
            swiftSettings: swift),
        .testTarget(
            name: "RunServerTests", dependencies: ["RunServer", "RemoteEngine", "Wire", "TrainProtocol", "Wording"],
            swiftSettings: swift),
        .testTarget(
            name: "KerasExportTests",
            dependencies: ["KerasExport", "JobFile", "Tabular", "TrainCore", "TrainProtocol", "TrainEngine"],
            exclude: ["Snapshots"], swiftSettings: swift),
        .testTarget(
            name: "ONNXExportTests", dependencies: ["ONNXExport", "Tabular", "TrainCore"], swiftSettings: swift),
        // Pictures kept as text files, compared by tests.
        .target(name: "CanvasTesting", dependencies: ["Canvas"], path: "Tests/CanvasTesting", swiftSettings: swift),
        .testTarget(
            name: "CanvasTests", dependencies: ["Canvas", "CanvasTesting", "ThemeFile"], exclude: ["Snapshots"],
            swiftSettings: swift),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard", "Canvas", "CanvasTesting", "RunModel", "TrainProtocol", "Wording", "TrainEngine",
                "TrainCore", "JobFile", "Tabular",
            ],
            exclude: ["Snapshots"], swiftSettings: swift),
        // A terminal with the program in it, held as a shell holds it.
        .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal", cSettings: c),
        .testTarget(
            name: "TraintuiTests",
            dependencies: [
                "traintui", "EventFiles", "FileAccess", "CanvasTesting", "JSONLines", "RemoteEngine", "Tabular",
                "TrainCore",
                "TrainEngine", "TrainProtocol", "NcursesTerminal", "CPseudoTerminal", "Canvas", "RandomTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Reference"], swiftSettings: swift),
        // Arrows, catalogues and form, held to what is said of them.
        .testTarget(
            name: "HouseRulesTests", dependencies: ["Canvas", "Dashboard", "ThemeFile", "TrainCore"],
            swiftSettings: swift),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x  // for #embed
)
