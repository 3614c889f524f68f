import CTerminalGuard
import Foundation
import Tabular
import Wording

/// Shows on standard error how far the loading of a table is, where that is a terminal and takes long enough to ask.
///
/// The line is there only for the time of loading: nothing of it is left afterwards, nor after Ctrl-C. All of it happens
/// on the thread that loads, between two of the table's windows.
struct LoadingDisplay {
    private let name: String
    private let isVisible: Bool
    private let start = DispatchTime.now()
    private var nextDrawing = 0.2
    private var isDrawn = false

    init(_ source: TableRecipe.Source) {
        name =
            switch source {
            case .builtin(let name): name
            case .path(let path): visible(URL(filePath: path).lastPathComponent, limit: 40)
            }
        // A terminal that knows no escape sequence could not erase it.
        let type = ProcessInfo.processInfo.environment["TERM"] ?? ""
        isVisible = isatty(STDERR_FILENO) == 1 && type != "" && type != "dumb"
    }

    mutating func show(_ progress: ReadingProgress) {
        guard isVisible else { return }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
        // In the background nobody asked to see it.
        guard seconds >= nextDrawing, tcgetpgrp(STDERR_FILENO) == getpgrp() else { return }
        nextDrawing = seconds + 0.05
        if !isDrawn { terminal_guard_begin_passing_line() }
        isDrawn = true
        var size = winsize()
        let columns = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        let text = LoadingLine.text(name, progress, seconds: seconds, columns: columns)
        FileHandle.standardError.write(Data("\r\(text)\u{1B}[K".utf8))
    }

    /// Erases the line.
    mutating func end() {
        if isDrawn { terminal_guard_end_passing_line() }
        isDrawn = false
    }
}

extension PreparedData {
    /// Loads a recipe's table, and shows how far it is.
    static func loadVisibly(
        _ recipe: TableRecipe, seed: UInt64, targetsAreClasses: Bool
    ) throws(Failure) -> PreparedData {
        var display = LoadingDisplay(recipe.source)
        defer { display.end() }
        do throws(DataError) {
            return try load(recipe, seed: seed, targetsAreClasses: targetsAreClasses) { display.show($0) }
        } catch {
            throw Failure(error)
        }
    }
}
