import FileAccess
import JSONLines
import NcursesTerminal
import Tabular
import TrainProtocol
import Wording

/// One event a line, as JSON.
///
/// A class because its lines know which epoch ended last.
final class JSONOutput: HeadlessOutput {
    private var lines: EventLines

    private let outside: Outside

    init(_ run: RunDescription, _ outside: Outside) {
        lines = EventLines(run)
        self.outside = outside
    }

    func describe(_ survey: TableSurvey) { emit("{\"event\":\"table\"," + survey.jsonText.dropFirst()) }

    func begin(_ progress: TrainProtocol.Progress) { emit(lines.start(progress)) }

    func show(_ event: Event, _ progress: TrainProtocol.Progress) {
        if let line = lines.line(event) { emit(line) }
    }

    func show(_ progress: TrainProtocol.Progress) {}

    func end(_ state: RunState, _ progress: TrainProtocol.Progress) { emit(lines.end(state, progress)) }

    func end(after signal: TerminalSignal, _ progress: TrainProtocol.Progress) {
        emit(lines.end(bySignal: signal.name, progress))
    }

    func note(_ sentence: String) {
        if let line = lines.line(.notice(sentence)) { emit(line) }
    }

    /// In ASCII: names come from files, and terminals obey more than letters.
    private func emit(_ line: String) { outside.output.write(asciiJSON(line) + "\n") }
}
