import ArgumentParser
import Dashboard
import FileAccess
import Foundation
import LiveDashboard
import NcursesTerminal
import Wording

/// The list of runs in a terminal, and what is opened from it; whoever leaves that is back in the list.
struct RunsScreen {
    private let folder: JournalFolder
    private let shelf: FolderShelf
    private let outside: Outside
    private let look: TerminalLook

    init(_ folder: JournalFolder, look: TerminalLook, _ outside: Outside) {
        (self.folder, self.look, self.outside) = (folder, look, outside)
        shelf = FolderShelf(folder, outside)
    }

    func show() throws {
        var state: RunListState?
        var remark: String?
        while true {
            var list: LiveRunList
            do throws(TerminalError) {
                list = try LiveRunList(shelf, look, after: state, remark: remark)
            } catch {
                throw Failure(error)
            }
            let ending = list.run()
            state = list.state
            remark = nil
            do {
                switch ending {
                case .quit: return
                case .signal(let number): throw EndedBySignal(signal: number)
                case .open(let name):
                    state?.forget(name)
                    try open(shelf.run(name), theme: list.state.theme)
                case .replay(let name):
                    let command = try ReplayCommand.parse([shelf.run(name).journal, "--watch"])
                    try command.run(in: outside)
                case .resume(let name):
                    state?.forget(name)
                    let command = try ResumeCommand.parse([shelf.run(name).path])
                    try command.run(in: outside)
                }
            } catch let failure as Failure {
                remark = failure.line
            } catch is ExitCode {
                // A run that diverged, or that was another one on the way again: that was said.
            }
        }
    }

    /// Looks at a run; whoever trains it is not disturbed.
    private func open(_ run: RunFolder, theme: String) throws {
        let engine = try FollowedRun(run, onNews: LiveDashboard.wake)
        var dashboard: LiveDashboard
        var look = look
        look.theme = theme
        // What has ended already is no news.
        if !run.isOwned { (look.notices.bell, look.notices.notification) = (false, false) }
        do throws(TerminalError) { dashboard = try LiveDashboard(look) } catch { throw Failure(error) }
        defer { dashboard.close() }
        dashboard.services.overlay = { name in
            do throws(Failure) { return .overlaid(try engine.overlaid(name)) } catch { return .notice(error.line) }
        }
        dashboard.services.note = { [outside] text in
            do throws(Failure) {
                try RunRecord.change(run, outside.calls) { $0.note = text.isEmpty ? nil : text }
                return DashboardServices.noted(text)
            } catch {
                return .notice(error.line)
            }
        }
        let (ending, _) = dashboard.run(engine, leavesRunning: true) { engine.close() }
        if case .signal(let number) = ending { throw EndedBySignal(signal: number) }
    }
}
