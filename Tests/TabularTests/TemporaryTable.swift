import Foundation
import Tabular
import TrainCore

/// A CSV file named `t.csv` in a folder of its own, gone when the value is let go of.
final class TemporaryTable {
    /// The folder.
    let directory: String

    init(_ text: String) throws { directory = try Self.write(Data(text.utf8)) }
    init(bytes: [UInt8]) throws { directory = try Self.write(Data(bytes)) }

    private static func write(_ data: Data) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("table-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try data.write(to: folder.appendingPathComponent("t.csv"))
        return folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// All rows as training rows, as they are, unless `change` says otherwise.
    func load(
        _ targets: [String] = ["y"], classes: Bool = false, seed: UInt64 = 1,
        _ change: (inout TableRecipe) -> Void = { _ in }
    ) throws(DataError) -> PreparedData {
        var recipe = TableRecipe(
            source: .path("t.csv"), targets: targets, standardize: false, testFraction: 0, validationFraction: 0)
        change(&recipe)
        return try PreparedData.load(recipe, seed: seed, targetsAreClasses: classes, relativeTo: directory)
    }
}

/// The line of the error that loading `text` ends in, "" where there is none.
func errorLine(
    _ text: String, _ targets: [String] = ["y"], classes: Bool = false, _ change: (inout TableRecipe) -> Void = { _ in }
) throws -> String {
    let table = try TemporaryTable(text)
    do throws(DataError) {
        _ = try table.load(targets, classes: classes, change)
        return ""
    } catch {
        return error.kind == .badData ? error.description : "no input: \(error)"
    }
}
