package import Canvas
import FileAccess
import Foundation
import ThemeFile

/// The themes there are, and the one in use.
package struct ThemeChoice: Sendable {
    /// The one in use.
    package private(set) var theme: Theme
    /// The name that it was chosen by, which need not be what its file says.
    package private(set) var name: String
    /// All names, the built-in ones first.
    package let names: [String]
    /// Why the wanted theme is not in use, a line each.
    package let warnings: [String]

    /// `$XDG_CONFIG_HOME/traintui/themes`, where people keep themes of their own.
    package static var folders: [String] {
        HomeFolder.configuration.map { ["\($0)/traintui/themes"] } ?? []
    }

    /// The names that can be chosen: the built-in themes', then those of the person's own.
    package static var allNames: [String] {
        let builtins = ThemeLibrary.builtins.map(\.name)
        return builtins + ThemeLibrary.names(in: folders).filter { !builtins.contains($0) }
    }

    /// The themes at hand, and the wanted one in use.
    ///
    /// - Parameter wanted: a theme's name, or a theme file's path. Where it cannot be used, the standard theme is.
    package init(wanted: String) {
        var names = Self.allNames
        do {
            theme = try Self.load(wanted)
            warnings = []
            if !names.contains(theme.name) { names.append(theme.name) }
        } catch {
            theme = ThemeLibrary.standard
            warnings = ["\(error); using \(theme.name)"]
        }
        name = theme.name
        self.names = names
        self.wanted = wanted
    }

    /// The one in use, as a terminal of so many colours shows it: without any, weight and form have to carry all that
    /// colours do, for which the theme `mono` was made.
    package func theme(on colors: ColorDepth) -> Theme {
        guard colors == .none, let mono = ThemeLibrary.builtins.first(where: { $0.name == "mono" }) else {
            return theme
        }
        return mono
    }

    private let wanted: String

    /// Uses the theme of that name from now on. Where that cannot be, returns why, and the one in use stays.
    package mutating func use(_ name: String) -> String? {
        do {
            // A theme given by its path is not found by its name.
            let isOwn = wanted.hasSuffix(".toml") && !Self.allNames.contains(name)
            theme = try Self.load(isOwn ? wanted : name)
            self.name = name
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func load(_ wanted: String) throws(ThemeError) -> Theme {
        try ThemeLibrary.load(named: wanted, searchFolders: folders)
    }
}
