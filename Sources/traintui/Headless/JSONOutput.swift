import JSONLines
import TrainProtocol

/// One event a line, as JSON.
///
/// A class because its lines know which epoch ended last.
final class JSONOutput: HeadlessOutput {
    private var lines: EventLines

    init(_ run: RunDescription) { lines = EventLines(run) }

    func begin(_ progress: TrainProtocol.Progress) { emit(lines.start(progress)) }

    func show(_ event: Event, _ progress: TrainProtocol.Progress) {
        if let line = lines.line(event) { emit(line) }
    }

    func show(_ progress: TrainProtocol.Progress) {}

    func end(_ state: RunState, _ progress: TrainProtocol.Progress) { emit(lines.end(state, progress)) }

    private func emit(_ line: String) { write(line + "\n") }
}
