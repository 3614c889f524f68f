import ArgumentParser
import Canvas
import FileAccess
import JobFile
import Wording

/// `traintui config`: what holds for this person, and who said it.
struct ConfigCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print your settings, and where each of them came from.",
        discussion: """
            Settings are in $XDG_CONFIG_HOME/traintui/config.toml (~/.config/traintui/config.toml): theme, glyphs, runs, \
            [notices] with title, bell, notification, and [keys]. A flag comes before the environment (TRAINTUI_THEME, \
            TRAINTUI_GLYPHS, TRAINTUI_RUNS), that before a job file, that before this file. What is printed can be written \
            to it.
            """)

    @Argument(help: "A job file, whose theme comes before yours.", completion: .file(extensions: ["toml"]))
    var job: String?

    @Flag(help: "Say where each value came from.")
    var origin = false

    func run(in outside: Outside) throws {
        let settings: Settings
        do throws(FileError) { settings = try Settings.read() } catch { throw Failure(.badJobFile, error.description) }
        var theme = settings.theme
        if let job, Settings.environment("THEME") == nil {
            let recipe: Recipe
            do throws(JobFileError) { recipe = try Recipe.read(path: job) } catch { throw Failure(error) }
            if let name = recipe.dashboard.theme { theme = .init(value: name, origin: job) }
        }
        var lines: [(text: String, origin: String)] = [("theme = \(Self.quoted(theme.value))", theme.origin)]
        let glyphs = settings.glyphs.value.map { "glyphs = \(Self.quoted($0.rawValue))" }
        lines.append((glyphs ?? "# glyphs: those that the terminal can show", settings.glyphs.origin))
        if let runs = settings.runs.value { lines.append(("runs = \(Self.quoted(runs))", settings.runs.origin)) }
        lines.append(("[notices]", ""))
        for (name, value) in [
            ("title", settings.title), ("bell", settings.bell), ("notification", settings.notification),
        ] {
            lines.append(("\(name) = \(value.value)", value.origin))
        }
        if !settings.keys.isEmpty { lines.append(("[keys]", "")) }
        for key in settings.keys {
            let keys = key.value.keys.map(Self.quoted).joined(separator: ", ")
            lines.append(("\(Self.quoted(key.value.meaning)) = [\(keys)]", key.origin))
        }
        let width = lines.map(\.text.count).max() ?? 0
        for (text, from) in lines {
            let blanks = String(repeating: " ", count: width - text.count + 2)
            outside.output.answer(origin && !from.isEmpty ? "\(text)\(blanks)# \(visible(from))\n" : "\(text)\n")
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(visible(escaped))\""
    }
}
