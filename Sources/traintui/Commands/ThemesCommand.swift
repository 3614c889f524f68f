import ArgumentParser
import Canvas
import FileAccess
import LiveDashboard
import ThemeFile

/// `traintui themes`: which there are, and how they look.
struct ThemesCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes", abstract: "List the themes, built-in ones and your own.",
        discussion: "Your own are TOML files in $XDG_CONFIG_HOME/traintui/themes (~/.config/traintui/themes).")

    func run(in outside: Outside) {
        let names = ThemeChoice.allNames
        let width = names.map { SafeText($0).width }.max() ?? 0
        for name in names {
            do throws(ThemeError) {
                let theme = try ThemeLibrary.load(named: name, searchFolders: ThemeChoice.folders)
                outside.output.answer("\(SafeText(name).padded(to: width))  \(SafeText(theme.summary))\n")
            } catch {
                outside.output.answer("\(SafeText(name).padded(to: width))  \(error)\n")
            }
        }
    }
}
