import JSONLines
import RunModel
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

extension OverlaidRun {
    /// A run by its name, to be drawn under another one.
    ///
    /// - Parameters:
    ///   - text: as `traintui compare` takes it.
    ///   - job: the job of the run that is watched, as text.
    ///   - sha256: of that run's data.
    init(_ text: String, under job: String, seed: UInt64, sha256: String?) throws(Failure) {
        let place = try RunPlace.named(text)
        let compared = try ComparedRun(place)
        guard let checkpoint = compared.checkpoint else {
            throw Failure(.noInput, "\(visible(place.name)): nothing was kept of it to be drawn")
        }
        self.init(
            name: compared.record?.name ?? place.name, past: compared.past,
            metrics: try compared.header.metrics(of: place.journal), steps: checkpoint.moment.step,
            seconds: checkpoint.seconds,
            isPaired: sha256 != nil && sha256 == compared.header.dataSHA256 && seed == compared.header.seed,
            differences: Self.differences(compared, job))
    }

    /// Settings of both jobs that differ, the watched run's first, and the other one's edits.
    private static func differences(_ run: ComparedRun, _ job: String) -> [String] {
        guard run.header.imported == nil else { return ["trained elsewhere: its job is not known"] }
        guard !job.isEmpty else { return ["this run was trained elsewhere: its job is not known"] }
        let own = ComparedRun.settings(of: job)
        let values = Dictionary(own.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        let others = Dictionary(run.settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        let keys = own.map(\.key) + run.settings.map(\.key).filter { values[$0] == nil }
        let lines = keys.filter { values[$0] != others[$0] }.map { key in
            "\(visible(key))  \(visible(others[key] ?? "—", limit: 40)), here \(visible(values[key] ?? "—", limit: 40))"
        }
        let edits = run.edits.suffix(20).map { edit in
            "edit @\(edit.step)  \(visible(edit.name)) \(edit.old.words) → \(edit.new.words)"
        }
        return (lines.isEmpty ? ["the same job"] : lines) + edits
    }
}
