import ArgumentParser
import FileAccess
import Foundation
import JobFile
import Tabular
import TrainCore
import Wording

/// `traintui bench`: how fast this machine trains, and how near that is to what it could.
struct BenchCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure steps a second, beside the machine's own ceiling.",
        discussion: """
            Without a job: the book's network, the same with batches of one row, and a wide one (784-512-256-1, batch \
            128). Every figure is the median of many rounds.
            """)

    @Argument(help: "A job file to measure instead.", completion: .file(extensions: ["toml"]))
    var job: String?

    @Flag(help: "Add a sweep of widths and batch sizes.")
    var sweep = false

    @Option(
        help: ArgumentHelp("Measure reading this CSV file, beside a plain read of it.", valueName: "file"),
        completion: .file())
    var csv: String?

    @Flag(help: "Measure what journal and checkpoints cost, of the book's network and of one with a million weights.")
    var kept = false

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @Option(help: ArgumentHelp("Rounds for each figure.", valueName: "n"))
    var rounds = 25

    func validate() throws {
        if [sweep, csv != nil, kept].count(where: { $0 }) > 1 {
            throw ValidationError("--sweep, --csv and --kept each measure something else: choose one")
        }
    }

    func run(in outside: Outside) throws {
        guard rounds >= 1 else { throw Failure(.usage, "--rounds must be at least 1") }
        var report = Report(ceiling: Ceiling(rounds: rounds))
        if let csv {
            report.reading = try ReadingResult(csv, rounds: min(rounds, 7))
        } else if kept {
            let cases = try job.map { [try Self.own($0, outside.errors)] } ?? [.book, .million]
            report.kept = try cases.map { bench throws(Failure) in
                try KeptShare(bench, rounds: min(rounds, 7), outside.calls)
            }
        } else {
            let cases =
                try job.map { [try Self.own($0, outside.errors)] } ?? BenchCase.builtins
                + (sweep ? BenchCase.sweep : [])
            for bench in cases {
                do throws(TrainingError) {
                    let isMain = bench.name == "book" || job != nil
                    report.cases.append(
                        try BenchResult(bench, ceiling: report.ceiling, rounds: rounds, watched: isMain))
                } catch {
                    throw Failure(error)
                }
            }
            if job == nil { report.goingBack = try GoingBack(.book) }
        }
        if json { outside.output.write(try report.json() + "\n") } else { outside.output.answer(report.text + "\n") }
    }

    private static func own(_ path: String, _ errors: StandardError) throws(Failure) -> BenchCase {
        let recipe: Recipe
        do throws(JobFileError) {
            recipe = try Recipe.read(path: path)
        } catch {
            throw Failure(error)
        }
        let data = try PreparedData.loadVisibly(
            recipe.data, seed: recipe.job.seed, targetsAreClasses: type(of: recipe.job.loss).targetsAreClasses,
            errors)
        return BenchCase(path, recipe.job, data: data.training)
    }

    /// All that was measured.
    private struct Report: Encodable {
        let ceiling: Ceiling
        var cases: [BenchResult] = []
        var goingBack: GoingBack?
        var reading: ReadingResult?
        var kept: [KeptShare] = []

        init(ceiling: Ceiling) { self.ceiling = ceiling }

        func json() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            return asciiJSON(String(decoding: try encoder.encode(self), as: UTF8.self))
        }

        var text: String {
            var lines = [
                "kernels \(ceiling.kernels)   threads \(ceiling.threads)   "
                    + "ceiling on one core \(fixed(ceiling.gigaflops, 1)) GFLOP/s, "
                    + "on all \(fixed(ceiling.gigaflopsOfAll, 1)), copying \(fixed(ceiling.copyGigabytes, 1)) GB/s"
            ]
            if !cases.isEmpty {
                lines += [
                    "", row("", "steps/s", "±", "ns/step", "GFLOP/s", "of a core", "of all", "watched"),
                ]
                lines += cases.map { result in
                    row(
                        result.name, fixed(result.stepsPerSecond, 0), percent(result.spread),
                        fixed(result.nanosecondsPerStep, 0), fixed(result.gigaflops, 1), percent(result.shareOfCeiling),
                        percent(result.shareOfAll),
                        result.watched.map { percent($0.byClock.share) } ?? "-")
                }
                for watched in cases.compactMap(\.watched) {
                    lines += [
                        "", "watched: steps/s with the dashboard drawing over those without, with 95 % confidence",
                        "  on screens of          \(WatchedShare.screens)",
                        "  by the clock           \(interval(watched.byClock))",
                        "  by processor time      \(interval(watched.byProcessor))",
                    ]
                }
            }
            for result in cases { lines += ["", row(result.name, "ns", "of step")] + rows(of: result.breakdown) }
            if let goingBack {
                lines += [
                    "", "going back at step \(goingBack.steps) of the book's run, median and most of each",
                    "  undo an edit           \(milliseconds(goingBack.undo))",
                    "  to any step            \(milliseconds(goingBack.jump))",
                    "  and forward again      \(milliseconds(goingBack.comeBack))",
                    "  memory                 \(goingBack.memoryMegabytes.map { fixed($0, 1) } ?? "-") MB in all, with "
                        + "\(fixed(goingBack.boundMegabytes, 1)) MB allowed for states of the past",
                ]
            }
            for kept in kept {
                lines += [
                    "", "\(kept.name): what going on costs, with 95 % confidence (\(kept.rounds) rounds)",
                    "  journal alone      \(interval(kept.journal)) of the steps/s without, by processor time",
                    "  \(fixed(kept.checkpointsPerSecond, 1)) checkpoints/s".padding(
                        toLength: 21, withPad: " ", startingAt: 0)
                        + "\(interval(kept.byProcessor)) of those by processor time, "
                        + "\(interval(kept.byClock)) by the clock",
                    "  by themselves      \(interval(kept.shareOfTime)) of all processor time since the start, at most: "
                        + "one of \(fixed(kept.megabytes, 1)) MB that takes \(fixed(kept.milliseconds, 1)) ms "
                        + "after \(fixed(kept.secondsToFirst, 1)) s, at last every \(fixed(kept.secondsBetween, 1)) s",
                ]
            }
            if let reading {
                lines += [
                    "", "\(reading.path): \(fixed(reading.megabytes, 1)) MB, \(reading.rows) rows",
                    "load        \(fixed(reading.loadMegabytesPerSecond, 0)) MB/s",
                    "plain read  \(fixed(reading.plainMegabytesPerSecond, 0)) MB/s",
                    "memory      \(reading.memoryMegabytes.map { fixed($0, 1) } ?? "-") MB at most, of "
                        + "\(fixed(reading.memoryBoundMegabytes, 1)) MB allowed: twice the numbers",
                ]
            }
            return lines.joined(separator: "\n")
        }

        private func rows(of breakdown: Breakdown) -> [String] {
            breakdown.parts.map { row("  " + $0.phase, fixed($0.nanoseconds, 0), percent($0.share)) }
                + [row("  remainder", fixed(breakdown.remainderNanoseconds, 0))]
        }

        private func row(_ name: String, _ cells: String...) -> String {
            let widths = [12, 9, 12, 10, 12, 10, 10]
            return name.padding(toLength: 30, withPad: " ", startingAt: 0)
                + zip(cells, widths).map { String(repeating: " ", count: max(1, $1 - $0.count)) + $0 }.joined()
        }

        private func interval(_ estimate: PairedShare) -> String {
            "\(percent(estimate.low)) to \(percent(estimate.high))"
        }

        private func milliseconds(_ times: GoingBack.Times) -> String {
            "\(fixed(times.median, 1)) ms, \(fixed(times.most, 1)) ms (\(times.count) times)"
        }

        private func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
        private func percent(_ value: Double) -> String { value.isNaN ? "-" : String(format: "%.1f %%", value * 100) }
    }
}
