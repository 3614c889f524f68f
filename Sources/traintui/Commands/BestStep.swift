import JSONLines
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// The step whose weights count at a run's end, where its patience brings back the best ones, as its checkpoint has it: a
/// patience may have been set on the way, and validation losses are in no journal.
struct BestStep {
    /// The step; nil where the last weights count.
    private(set) var step: Int?
    /// What is not known of it.
    private(set) var warnings: [String] = []

    /// - Parameters:
    ///   - path: the journal's.
    ///   - rule: the job's.
    init(_ journal: JournalFile, path: String, _ rule: EarlyStopping?) {
        guard (rule ?? EarlyStopping()).restoreBestWeights else { return }
        let folder = RunPlace(file: path)?.folder
        guard let kept = folder?.readCheckpoints(of: journal.header.runName).whole.first?.checkpoint else {
            if rule != nil {
                warnings.append(
                    "\(visible(path)): has no checkpoint beside it, which tells the best weights; "
                        + "the script ends with the last")
            }
            return
        }
        guard kept.watch.patience != nil else { return }
        let timeline: Timeline
        // Entries that do not follow each other are refused where the script is made.
        do throws(Timeline.Refusal) { timeline = try Timeline(journal.entries) } catch { return }
        let lineage = timeline.lineage
        // A journal that was cut off may end before its checkpoint.
        let ones = kept.bests.filter { $0.step <= timeline.step && lineage.holds($0.branch, at: $0.step) }
        guard let best = ones.min(by: { $0.loss < $1.loss }), best.step < timeline.step else { return }
        step = best.step
        if kept.moment.step < timeline.step {
            warnings.append(
                "\(visible(path)): goes on behind its last checkpoint; the best weights are those of before")
        }
    }
}
