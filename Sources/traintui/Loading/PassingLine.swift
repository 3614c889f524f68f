import CTerminalGuard
import FileAccess
import Foundation
import Wording

/// A line on standard error that is there only for the time of some work, where that is a terminal and takes long
/// enough to ask: nothing of it is left afterwards, nor after Ctrl-C.
struct PassingLine {
    private let errors: StandardError
    private let isVisible: Bool
    private let start = DispatchTime.now()
    private var nextDrawing = 0.2
    private var isDrawn = false

    init(_ errors: StandardError) {
        self.errors = errors
        // A terminal that knows no escape sequence could not erase it.
        let type = ProcessInfo.processInfo.environment["TERM"] ?? ""
        isVisible = isatty(STDERR_FILENO) == 1 && type != "" && type != "dumb"
    }

    /// Shows a text when it is time to; it is made of the seconds so far and the terminal's columns.
    mutating func show(_ text: (_ seconds: Double, _ columns: Int) -> String) {
        guard isVisible else { return }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
        // In the background nobody asked to see it.
        guard seconds >= nextDrawing, tcgetpgrp(STDERR_FILENO) == getpgrp() else { return }
        nextDrawing = seconds + 0.05
        if !isDrawn { terminal_guard_begin_passing_line() }
        isDrawn = true
        var size = winsize()
        let columns = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        errors.write("\r\(errors.spelling.line(text(seconds, columns)))\u{1B}[K")
    }

    /// Erases the line.
    mutating func end() {
        if isDrawn { terminal_guard_end_passing_line() }
        isDrawn = false
    }
}
