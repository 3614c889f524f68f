import Foundation
import Testing

/// The page "What survives" has numbers in it that the code has too.
@Suite("The limits that are promised")
struct LimitTests {
    private let tree = SourceTree.ofThisPackage

    @Test(
        "are those of the code",
        arguments: [
            ("JobFile/Recipe+Reading.swift", "greatestFile = 1 << 20", "| job | 1 MiB |"),
            ("ThemeFile/ThemeLibrary.swift", "greatestFile = 1 << 20", "| theme | 1 MiB |"),
            ("TrainCore/Training/TrainingJob.swift", "greatestLayerCount = 1000\n", "1,000 layers of"),
            ("JobFile/TableReader+Model.swift", "integer(\"units\", in: 1...1_000_000)", "layers of 1,000,000 units"),
            ("TOMLTree/TOMLNode.swift", "greatestDepth = 128\n", "128 levels of tables and lists"),
            ("traintui/Replay/JournalledRun.swift", "greatestSize = 1 << 30\n", "| journal | 1 GiB |"),
            ("JSONLines/LineReader.swift", "greatestCount = (1 << 53) - 1\n", "numbers below 2^53"),
            ("Safetensors/Safetensors.swift", "longestHeader = 100_000_000\n", "a header of 100,000,000 bytes"),
            ("Safetensors/TensorInfo.swift", "mostDimensions = 64\n", "64 dimensions"),
            ("JSONText/JSONScanner.swift", "deepest = 127\n", "JSON of 127 levels"),
            ("Tabular/TableText.swift", "longestRow = 1 << 26\n", "a row of 64 MiB"),
            ("Tabular/TablePreparation.swift", "limit: 1000,", "1,000 texts of a feature"),
            ("Tabular/TablePreparation.swift", "mostClasses = 1 << 16\n", "65,536 classes"),
            ("Tabular/Roles/Levels.swift", "most = 250\n", "| 250 levels of a feature"),
            ("Tabular/Survey/TargetFinding.swift", "mostClasses = 1000\n", "1,000 classes |"),
            ("Tabular/TableBytes.swift", "longestPipe = 1 << 31\n", "| table through a pipe | 2 GiB |"),
            (
                "TrainEngine/Running/LocalEngine.swift", "usualHistoryMemory = 256 << 20\n",
                "| 256 MiB where nothing is said"
            ),
            ("traintui/Files/RunJournal.swift", "capacity = 64 << 20\n", "64 MiB, then the journal ends"),
            ("traintui/Files/StepLog.swift", "capacity = 4 << 20\n", "4 MiB, then rows are left out"),
            ("traintui/Files/JournalFolder.swift", "capacity = 100\n", "| kept runs (`runs/`) | 100 |"),
            ("Wire/LineBuffer.swift", "longestLine = 1 << 20\n", "a message of 1 MiB"),
            ("PythonClient/traintui/_wire.py", "LONGEST_LINE = 1 << 20\n", "a message of 1 MiB"),
            ("Wire/JSONTree.swift", "deepest = 32\n", "JSON of 32 levels"),
            ("Wire/Facts+Wire.swift", "mostMetrics = 64\n", "64 metrics"),
            ("PythonClient/traintui/_server.py", "MOST_VIEWERS = 8\n", "8 dashboards"),
            ("PythonClient/traintui/_server.py", "MOST_OPEN = 64\n", "64 requests that wait"),
            ("PythonClient/traintui/_server.py", "orphan_after: float = 30.0", "goes on after 30 s"),
            ("traintui/Launch/LaunchFolder.swift", "capacity = 50\n", "50 folders are kept"),
            ("FileAccess/StandardError.swift", "patience: Int32 = 1000\n", "is waited for 1 s, once"),
        ])
    func areThoseOfTheCode(file: String, code: String, promise: String) throws {
        #expect(try tree.text(of: "Sources/\(file)").contains(code))
        #expect(try tree.text(of: "Sources/traintui/traintui.docc/Survives.md").contains(promise))
    }
}
