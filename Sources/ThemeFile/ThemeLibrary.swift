import CEmbedded
package import Canvas
import FileAccess
import Foundation
import TOMLTree
import Wording

/// Where themes come from: a file, a folder of the person's own, the program itself.
package enum ThemeLibrary {
    /// The themes inside of the program, the default first.
    package static let builtins: [Theme] = {
        var themes: [Theme] = []
        while let entry = embedded_theme_at(themes.count) {
            let name = String(cString: entry.pointee.name)
            do {
                themes.append(try Theme(toml: String(cString: entry.pointee.text), file: "\(name).toml"))
            } catch {
                // Not a person's file but a part of the program: a test reads every one of them.
                preconditionFailure("built-in theme: \(error)")
            }
        }
        return themes
    }()

    /// The theme for those who asked for none, and for those whose own is broken.
    package static var standard: Theme { builtins[0] }

    /// The theme of that name, or of that path where it has a slash or ends in `.toml`.
    ///
    /// Each of `searchFolders` in turn may hold `<name>.toml`; then come the built-in themes.
    package static func load(named name: String, searchFolders: [String] = []) throws(ThemeError) -> Theme {
        if name.contains("/") || name.hasSuffix(".toml") { return try load(path: name) }
        for folder in searchFolders {
            let path = folder + "/" + name + ".toml"
            if FileManager.default.fileExists(atPath: path) { return try load(path: path) }
        }
        if let theme = builtins.first(where: { $0.name == name }) { return theme }
        let others = names(in: searchFolders) + builtins.map(\.name)
        throw ThemeError("there is no theme '\(visible(name))'; \(hint(for: name, among: others, plural: "themes"))")
    }

    /// Bytes of a theme's file, at most: the built-in ones have two thousand.
    private static let greatestFile = 1 << 20

    /// The theme of a file.
    package static func load(path: String) throws(ThemeError) -> Theme {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(path, meaning: "a theme", limit: greatestFile)
        } catch {
            throw ThemeError("\(error); expected a theme, a TOML file")
        }
        do {
            return try Theme(TOMLNode.document(utf8: bytes, file: path), file: path)
        } catch {
            throw ThemeError("\(error); expected a theme, a TOML file")
        }
    }

    /// The names of the themes in folders; a folder that cannot be read has none.
    package static func names(in searchFolders: [String]) -> [String] {
        searchFolders.flatMap { folder in
            let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            return files.filter { $0.hasSuffix(".toml") && !$0.contains("/") }.map { String($0.dropLast(5)) }.sorted()
        }
    }
}
