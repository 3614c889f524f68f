import Canvas
import Dashboard
import FileAccess
import Foundation
import LiveDashboard
import TOMLTree
import Wording

/// What a person set once for all runs, in `~/.config/traintui/config.toml`, and where each value came from.
///
/// ```toml
/// theme = "paper"
/// glyphs = "ascii"              # braille, blocks, ascii
/// runs = "/data/runs"
/// [notices]
/// title = true                  # the window's title tells of the run
/// bell = true                   # when a run ends, diverges or pauses by a breakpoint
/// notification = true
/// [keys]
/// space = "v"                   # what the table has under space is under v
/// ```
/// Flags come before the environment, that before the job file, that before this file, and this before what is built in.
struct Settings {
    /// A value and who said it.
    struct Value<Wrapped> {
        var value: Wrapped
        var origin: String
    }

    private(set) var theme: Value<String>
    private(set) var glyphs: Value<GlyphSet?>
    private(set) var runs: Value<String?>
    private(set) var title: Value<Bool>
    private(set) var bell: Value<Bool>
    private(set) var notification: Value<Bool>
    private(set) var keys: [Value<(meaning: String, keys: [String])>] = []
    private(set) var keyMaps = KeyMaps()

    /// The file; nil where nobody knows the person's home.
    static var path: String? { HomeFolder.configuration.map { "\($0)/traintui/config.toml" } }

    /// A variable of the environment, `TRAINTUI_THEME`; nil where it is not set, or empty.
    static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["TRAINTUI_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let greatestFile = 1 << 20

    /// What holds for this person.
    ///
    /// - Throws: what is wrong in the file, with its place.
    static func read() throws(FileError) -> Settings {
        var settings = Settings()
        if let path, FileManager.default.fileExists(atPath: path) {
            let bytes = try InputFile.read(path, meaning: "settings", limit: greatestFile)
            do throws(TOMLError) {
                var table = TableReader(document: try TOMLNode.document(utf8: bytes, file: path), file: path)
                try settings.take(&table)
            } catch {
                // The place belongs to the file's name.
                let rest = error.description.dropFirst(visible(path).count + 1)
                let place = rest.prefix { $0 != " " }.dropLast()
                throw FileError("\(path):\(place)", String(rest.dropFirst(place.count + 2)))
            }
        }
        try settings.takeEnvironment()
        return settings
    }

    private init() {
        theme = Value(value: "midnight", origin: "built in")
        glyphs = Value(value: nil, origin: "built in")
        let state = HomeFolder.state.map { "\($0)/traintui/runs" }
        runs = Value(value: state, origin: getenv("XDG_STATE_HOME") == nil ? "built in" : "XDG_STATE_HOME")
        (title, bell, notification) = (
            Value(value: true, origin: "built in"), Value(value: true, origin: "built in"),
            Value(value: true, origin: "built in")
        )
    }

    private mutating func take(_ table: inout TableReader) throws(TOMLError) {
        func origin(_ table: inout TableReader, _ key: String) -> String {
            "\(table.file):\(table.node(key)?.position.line ?? 0)"
        }
        if let name = try table.string("theme") { theme = Value(value: name, origin: origin(&table, "theme")) }
        if let name = try table.string("glyphs") {
            guard let set = GlyphSet(rawValue: name) else {
                throw table.error(at: "glyphs", Self.objection(toGlyphs: name))
            }
            glyphs = Value(value: set, origin: origin(&table, "glyphs"))
        }
        if let folder = try table.string("runs") {
            guard let path = Self.absolute(folder) else {
                throw table.error(at: "runs", "'runs' must be an absolute path, or begin with ~/")
            }
            runs = Value(value: path, origin: origin(&table, "runs"))
        }
        if var notices = try table.table("notices") {
            if let isOn = try notices.boolean("title") { title = Value(value: isOn, origin: origin(&notices, "title")) }
            if let isOn = try notices.boolean("bell") { bell = Value(value: isOn, origin: origin(&notices, "bell")) }
            if let isOn = try notices.boolean("notification") {
                notification = Value(value: isOn, origin: origin(&notices, "notification"))
            }
            try notices.finish()
        }
        if var moves = try table.table("keys") {
            for name in moves.keys {
                let keys = try moves.strings(name) ?? []
                self.keys.append(Value(value: (name, keys), origin: origin(&moves, name)))
            }
            do throws(KeyMap.Mistake) { keyMaps = try KeyMaps(self.keys.map(\.value)) } catch {
                throw moves.error(at: error.meaning, "'\(visible(error.meaning, limit: 40))' \(error.message)")
            }
        }
        try table.finish()
    }

    private mutating func takeEnvironment() throws(FileError) {
        if let name = Self.environment("THEME") { theme = Value(value: name, origin: "TRAINTUI_THEME") }
        if let name = Self.environment("GLYPHS") {
            guard let set = GlyphSet(rawValue: name) else {
                throw FileError("TRAINTUI_GLYPHS", Self.objection(toGlyphs: name))
            }
            glyphs = Value(value: set, origin: "TRAINTUI_GLYPHS")
        }
        if let folder = Self.environment("RUNS") {
            guard let path = Self.absolute(folder) else {
                throw FileError("TRAINTUI_RUNS", "must be an absolute path, or begin with ~/")
            }
            runs = Value(value: path, origin: "TRAINTUI_RUNS")
        }
    }

    private static func objection(toGlyphs name: String) -> String {
        "there are no glyphs '\(visible(name, limit: 40))'; "
            + hint(for: name, among: GlyphSet.allCases.map(\.rawValue), plural: "glyphs")
    }

    private static func absolute(_ path: String) -> String? {
        if path.hasPrefix("/") { return path }
        guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"], home.hasPrefix("/") else {
            return nil
        }
        return home + path.dropFirst(1)
    }

    /// How a dashboard uses the terminal.
    ///
    /// - Parameter theme: what a flag, the environment or the job says; nil for the person's own.
    func look(theme: String?, _ options: DashboardOptions) -> TerminalLook {
        var look = TerminalLook(theme: theme ?? self.theme.value, glyphs: glyphs.value, mouse: !options.noMouse)
        look.keys = keyMaps
        look.notices = (title.value, bell.value, notification.value)
        return look
    }
}

extension TerminalLook {
    /// The person's own.
    ///
    /// - Parameter theme: what a flag or the job says; nil for the person's own.
    static func own(theme: String?, _ options: DashboardOptions) throws(Failure) -> TerminalLook {
        do throws(FileError) { return try Settings.read().look(theme: theme, options) } catch {
            throw Failure(.badJobFile, error.description)
        }
    }
}
