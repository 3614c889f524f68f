import Canvas
import JSONLines
import RunModel
import TrainProtocol
import Wording

/// A run as one page of HTML that needs nothing beside itself; it is XML, too.
struct ReportPage {
    private let run: ReportedRun

    init(_ run: ReportedRun) { self.run = run }

    /// The page.
    var text: String {
        let title = run.record?.name ?? run.header.title
        return """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(words(title)): a run of traintui</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(words(title))</h1>
            <p class="quiet">\(words(run.name)) · began \(words(run.header.began)) · \(words(run.header.program))</p>
            \(facts)
            \(charts)
            \(edits)
            \(epochs)
            <h2>Job</h2>
            \(job)
            </body>
            </html>

            """
    }

    /// Foreign text made harmless, for a page.
    private func words(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { escaped(SafeText(String($0)).description) }.joined(separator: "\n")
    }

    private func words(_ text: SafeText) -> String { escaped(text.description) }

    private var job: String {
        run.header.imported == nil
            ? "<pre>\(words(run.header.job))</pre>" : "<p>Trained elsewhere, and imported: its job is not known.</p>"
    }

    // MARK: Scores

    private var facts: String {
        let record = run.record
        let best = run.model.history.bestEvaluation
        var rows: [(String, String)] = run.header.imported == nil ? [("seed", "\(run.header.seed)")] : []
        if let record {
            rows += [
                ("state", record.state.rawValue), ("epochs", "\(record.epochsDone) of \(record.epochs)"),
                ("steps", words(NumberFormat.grouped(record.step))),
                ("time", words(NumberFormat.duration(seconds: record.seconds))),
            ]
            if let loss = record.bestLoss { rows.append(("best validation loss", words(NumberFormat.metric(loss)))) }
            if let loss = record.lastLoss { rows.append(("last validation loss", words(NumberFormat.metric(loss)))) }
        }
        for (index, metric) in run.model.description.metrics.enumerated() {
            guard let best, best.metrics.indices.contains(index) else { continue }
            rows.append(("\(metric.name) at the best", words(NumberFormat.metric(best.metrics[index]))))
        }
        let source: String =
            switch run.header.data {
            case .builtin(let name): "the built-in table \(name)"
            case .path(let path): path
            }
        rows.append((run.header.imported == nil ? "data" : "imported from", words(source)))
        if let sum = run.header.dataSHA256 { rows.append(("its SHA-256", "<code>\(words(sum))</code>")) }
        return table([], rows.map { [$0.0, $0.1] }, kind: "facts")
    }

    // MARK: Charts

    private var charts: String {
        let all: [(String, Int?)] =
            [("loss", nil)] + run.model.description.metrics.enumerated().map { ($1.name, $0) }
        let charts = all.map { (name: $0.0, chart: ReportChart(run, metric: $0.1)) }.filter { !$0.chart.isEmpty }
        guard !charts.isEmpty else {
            return "<h2>Charts</h2><p>Of this run no checkpoint is kept, and so no chart.</p>"
        }
        let legend = """
            <p class="legend"><span class="curve">smoothed steps</span> <span class="band">8 in 10 steps</span> \
            <span class="validation">validation, its best marked</span> <span class="edit">edits</span></p>
            """
        return legend
            + charts.map { "<figure><figcaption>\(words($0.name))</figcaption>\($0.chart.svg)</figure>" }
            .joined(separator: "\n")
    }

    // MARK: Edits

    private var edits: String {
        guard !run.edits.isEmpty else { return "<h2>Edits</h2><p>None: the run went as its job says.</p>" }
        func text(_ value: SettingValue) -> String {
            switch value {
            case .number(let number): words(NumberFormat.shortest(number))
            case .choice(let name): words(name)
            case .flag(let isOn): isOn ? "on" : "off"
            }
        }
        let rows = run.edits.map { edited in
            let edit = edited.edit
            let over = edit.over > 0 ? " over \(edit.over) steps" : ""
            return [
                "\(edit.number)", words(NumberFormat.grouped(edit.step)), words(edit.name),
                "\(text(edit.old)) → \(text(edit.new))\(over)", edited.isInForce ? "in force" : "taken back",
                verdict(edited.comparison),
            ]
        }
        return "<h2>Edits</h2>"
            + table(["", "after step", "hyperparameter", "change", "", "against its control"], rows, kind: "edits")
    }

    /// What an edit came to, in words and figures.
    private func verdict(_ comparison: Comparison?) -> String {
        guard let comparison else { return "—" }
        let word: String =
            switch comparison.call {
            case .tooEarly: "too early to tell"
            case .open: "no difference yet"
            case .same: "no difference that matters"
            case .helps: "helped"
            case .hurts: "hurt"
            case .helpsOnlyTraining: "helped training, not validation"
            case .hurtsOnlyTraining: "hurt training, not validation"
            }
        guard let estimate = comparison.estimate else { return word }
        let mean = words(NumberFormat.signed(estimate.mean, decimals: 4))
        let half = words(NumberFormat.fixed(estimate.halfWidth, decimals: 4))
        return "\(word): train \(mean) ± \(half) after \(words(NumberFormat.grouped(estimate.steps))) steps"
    }

    // MARK: Epochs

    /// More rows than that nobody reads: then they are evenly chosen ones.
    private static let mostEpochs = 60

    private var epochs: String {
        let history = run.model.history
        let all = history.epochs.elements
        guard !all.isEmpty else { return "" }
        let stride = (all.count + Self.mostEpochs - 1) / Self.mostEpochs
        let shown = all.enumerated().filter { $0.offset % stride == stride - 1 || $0.offset == all.count - 1 }.map(
            \.element)
        let evaluations = Dictionary(history.evaluations.elements.map { ($0.step, $0) }, uniquingKeysWith: { $1 })
        let names = ["loss"] + run.model.description.metrics.map(\.name)
        let heads = ["epoch"] + names.map(words) + names.map { "validation \(words($0))" }
        let rows = shown.map { report in
            let evaluation = evaluations[report.step]
            let validation: [Double?] = evaluation.map { [$0.loss] + $0.metrics } ?? names.map { _ in nil }
            return ["\(report.epoch)"]
                + (([report.meanLoss] + report.metrics) + validation).map {
                    words(NumberFormat.metric($0))
                }
        }
        return "<h2>Epochs</h2>" + table(heads, rows, kind: "numbers")
    }

    // MARK: Pieces

    /// A table of cells that are escaped already.
    private func table(_ heads: [String], _ rows: [[String]], kind: String) -> String {
        func row(_ cells: [String], _ tag: String) -> String {
            "<tr>" + cells.map { "<\(tag)>\($0)</\(tag)>" }.joined() + "</tr>"
        }
        let head = heads.isEmpty ? "" : "<thead>\(row(heads, "th"))</thead>"
        let body = rows.map { row($0, "td") }.joined(separator: "\n")
        return "<table class=\"\(kind)\">\(head)<tbody>\n\(body)\n</tbody></table>"
    }

    private static let style = """

        :root { --ink: #2c2f37; --quiet: #656a78; --ground: #ffffff; --line: #d5d8de; --curve: #1a56b4; --band: #cfdcf2; \
        --validation: #b04a14; --edit: #7338ad; }
        @media (prefers-color-scheme: dark) { :root { --ink: #c5cede; --quiet: #8b97ad; --ground: #11151d; --line: #2a3342; \
        --curve: #6cb6ff; --band: #22344f; --validation: #f2c063; --edit: #bd9df0; } }
        body { color: var(--ink); background: var(--ground); font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; \
        margin: 2rem auto; padding: 0 1rem; }
        h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; font-size: 1.15rem; } .quiet { color: var(--quiet); margin-top: 0; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { padding: .2rem 1.2rem .2rem 0; \
        text-align: left; border-bottom: 1px solid var(--line); } th { color: var(--quiet); font-weight: normal; }
        .facts td:first-child { color: var(--quiet); } .numbers td, .numbers th { text-align: right; }
        figure { margin: 1.5rem 0; } figcaption { font-weight: bold; } svg { width: 100%; height: auto; }
        svg text { font: 12px system-ui, sans-serif; fill: var(--quiet); } svg .flag { fill: var(--edit); font-weight: bold; }
        svg path { fill: none; } .grid { stroke: var(--line); } svg .band { fill: var(--band); }
        svg .curve { stroke: var(--curve); stroke-width: 1.8; } svg .validation { stroke: var(--validation); stroke-width: 1.8; }
        svg .edit { stroke: var(--edit); stroke-dasharray: 2 3; } svg .best { fill: var(--validation); }
        .legend span { margin-right: 1.5rem; } .legend .curve { color: var(--curve); } .legend .band { color: var(--quiet); }
        .legend .validation { color: var(--validation); } .legend .edit { color: var(--edit); }
        pre, code { font: 13px/1.4 ui-monospace, monospace; } pre { white-space: pre-wrap; border-left: 3px solid var(--line); \
        padding-left: 1rem; }
        @media print { body { margin: 0; max-width: none; font-size: 11px; } figure, tr { break-inside: avoid; } \
        h2 { break-after: avoid; } }

        """
}
