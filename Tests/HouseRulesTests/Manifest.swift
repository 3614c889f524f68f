import Foundation

/// What `Package.swift` says of targets and products, as SwiftPM reads it.
struct Manifest: Decodable {
    let products: [Product]
    let targets: [Target]

    struct Product: Decodable {
        let name: String
        let targets: [String]
    }

    struct Target: Decodable {
        let name: String
        let type: String
        let path: String?
        let dependencies: [Dependency]

        /// Where its sources are.
        var folder: String { path ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)") }
    }

    /// A target of this package or a product of another one, by its name.
    struct Dependency: Decodable {
        let name: String

        init(from decoder: any Decoder) throws {
            // One key with the kind, a list with the name first.
            let kinds = try decoder.singleValueContainer().decode([String: [Part]].self)
            name = kinds.values.first?.first?.name ?? ""
        }

        /// A name, or something else that is not looked at.
        private struct Part: Decodable {
            let name: String?

            init(from decoder: any Decoder) throws {
                name = try? decoder.singleValueContainer().decode(String.self)
            }
        }
    }

    /// Asks SwiftPM, with a folder of its own, for the usual one is in use while tests run.
    static func read(in tree: SourceTree) throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "house-rules-\(UUID())")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let output = try tree.output(of: "swift", "package", "dump-package", "--scratch-path", scratch.path())
        // Warnings of the tool's own may come first.
        let json = output.text.drop { $0 != "{" }
        return try JSONDecoder().decode(Manifest.self, from: Data(json.utf8))
    }
}
