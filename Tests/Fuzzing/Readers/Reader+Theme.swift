import Canvas
import ThemeFile

extension Reader {
    /// A theme. What is accepted must have a style for every role.
    static let theme = Reader(name: "theme") { bytes in
        let file = ScratchFile.shared
        file.fill(bytes)
        do throws(ThemeError) {
            let theme = try ThemeLibrary.load(path: file.path)
            for role in Role.allCases { _ = theme[role] }
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }
}
