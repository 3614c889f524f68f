import ArgumentParser
import Canvas
import LiveDashboard
import ThemeFile

/// `traintui themes`: which there are, and how they look.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes", abstract: "List the themes, built-in ones and your own.",
        discussion: "Your own are TOML files in $XDG_CONFIG_HOME/traintui/themes (~/.config/traintui/themes).")

    func run() throws {
        let names = ThemeChoice.allNames
        let width = names.map { SafeText($0).width }.max() ?? 0
        for name in names {
            do throws(ThemeError) {
                let theme = try ThemeLibrary.load(named: name, searchFolders: ThemeChoice.folders)
                print("\(SafeText(name).padded(to: width))  \(SafeText(theme.summary))")
            } catch {
                print("\(SafeText(name).padded(to: width))  \(error)")
            }
        }
    }
}
