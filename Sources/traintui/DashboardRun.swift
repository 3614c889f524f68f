import ArgumentParser
import Dashboard
import FileAccess
import Foundation
import JobFile
import LiveDashboard
import NcursesTerminal
import RunServer
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// Training with the dashboard open.
struct DashboardRun {
    private let prepared: PreparedRun
    private let options: DashboardOptions

    init(_ prepared: PreparedRun, _ options: DashboardOptions) { (self.prepared, self.options) = (prepared, options) }

    func run() throws {
        try prepared.validate()
        let look = try TerminalLook.own(theme: prepared.recipe.dashboard.theme, options)
        var dashboard: LiveDashboard
        do throws(TerminalError) {
            dashboard = try LiveDashboard(look)
        } catch {
            throw Failure(error)
        }
        // Whatever is to be said is said on the normal screen.
        defer { dashboard.close() }
        let offer = prepared.offer
        let notices = Notices(onNews: LiveDashboard.wake)
        let outputs = try RunOutputs(prepared, notices)
        let engine = try prepared.makeEngine(outputs) { options in
            options.onNews = LiveDashboard.wake
            options.startsPaused = prepared.opening != .run || prepared.isResumed
        }
        dashboard.services = services(outputs.files)
        var (kept, files) = (KeptWeights?.none, RunOutputs.Ending())
        let reporting = ReportingEngine(engine, notices, logs: outputs.logs)
        let served = try prepared.served(reporting)
        defer { served?.engine.close() }
        let place = served.map { "in another terminal: traintui attach \(visible($0.name))" }
        let (ending, summary) = dashboard.run(
            served?.engine ?? reporting,
            warnings: prepared.warnings + prepared.data.warnings + outputs.warnings + [offer, place].compactMap { $0 },
            opening: prepared.opening, savesWhenWarned: prepared.weights.isNamed
        ) {
            (kept, files) = prepared.waitForEnd(of: engine, outputs)
        }
        dashboard.close()
        files.unwritten += outputs.closeLogs()
        var saved: String?
        if case .signal = ending, prepared.weights.isNamed, let kept { saved = prepared.saveWeights(kept) }
        let failure = prepared.weights.isNamed ? prepared.weights.failure : nil
        outputs.files?.settle(isSaved: failure == nil)
        // With the terminal gone there is nobody to tell.
        if ending != .signal(SIGHUP) { tell(summary.description, saved, files, offer) }
        switch ending {
        case .signal(let number):
            if let failure { prepared.outside.errors.say("traintui: \(failure.line)") }
            throw EndedBySignal(signal: number)
        case .diverged: throw ExitCode(Failure.Code.diverged.rawValue)
        case .quit:
            if let failure { throw failure }
            if !files.unwritten.isEmpty { throw ExitCode(Failure.Code.cannotCreate.rawValue) }
        }
    }

    private func services(_ files: RunFiles?) -> DashboardServices {
        var services = DashboardServices()
        services.overlay = { [prepared] name in
            do throws(Failure) { return .overlaid(try prepared.overlaid(name)) } catch { return .notice(error.line) }
        }
        if let files {
            services.note = { text in
                files.note(text)
                return DashboardServices.noted(text)
            }
        }
        services.opening = prepared.against.map { .overlaid($0) }
        return services
    }

    private func tell(_ summary: String, _ saved: String?, _ files: RunOutputs.Ending, _ offer: String?) {
        prepared.outside.output.say(summary)
        if let saved { prepared.outside.output.say("saved       \(visible(saved))\n") }
        if let journal = files.journal { prepared.outside.output.say("journal     \(visible(journal))\n") }
        if let name = files.resumable {
            prepared.outside.output.say("go on       traintui resume \(visible(name))\n")
        }
        if let offer { prepared.outside.output.say("before it   \(offer)\n") }
        for sentence in files.warnings { prepared.outside.errors.say("warning: \(sentence)") }
        for sentence in files.unwritten { prepared.outside.errors.say("traintui: \(sentence)") }
    }
}

extension PreparedRun {
    /// A line about the run before this one, where it was cut off: it can still be gone on with.
    fileprivate var offer: String? {
        guard case .standard = journalPlace else { return nil }
        let last: (folder: RunFolder, step: Int)?
        do throws(FileError) { last = try JournalFolder.standard().lastCutOff } catch { return nil }
        return last.map { last in
            "a run that was cut off at step \(last.step): traintui resume \(visible(last.folder.name, limit: 60))"
        }
    }
}
