import FileAccess
import Foundation
import NcursesTerminal

extension PreparedRun {
    /// Whether anybody reads what is printed, or asked for a file.
    var isStillWanted: Bool { isWanted || outside.output.failure != .brokenPipe }

    /// The error of a terminal that is gone comes before the signal that explains it, or without one.
    var isHungUp: Bool { outside.output.isHungUp && !TerminalGuard.ignoresHangups }

    /// The one of these signals that ends the run; that of a terminal which is gone may not come itself.
    func ending(_ signals: [TerminalSignal]) -> TerminalSignal? {
        signals.first { $0.action == .ends } ?? (isHungUp ? TerminalSignal(number: SIGHUP) : nil)
    }
}
