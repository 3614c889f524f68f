import ArgumentParser
import FileAccess
import Foundation
import JSONLines
import Synchronization
import Testing
import TrainEngine
import TrainProtocol

@testable import traintui

/// Faults of the system, one at a time, at each call of each output of a small training: nothing traps, no row is torn,
/// nobody says that all is well where it is not, and the training has its weights.
@Suite(.serialized) struct FaultTests {
    enum Target: String, CaseIterable { case output, errors, log, journal, kept, save, script }
    enum Call: String, CaseIterable { case open, write, flush, rename, close }
    enum Fault: String, CaseIterable { case noSpace, inputOutput, brokenPipe, notAllowed, interrupted, short }

    struct Case: CustomTestStringConvertible, Sendable {
        let target: Target
        let call: Call
        let fault: Fault
        /// So many calls go well before it.
        var after: Int
        var testDescription: String { "\(target) \(call) \(fault) after \(after)" }
    }

    /// One at the first such call; those after it follow as long as there are so many calls.
    static let cases: [Case] = Target.allCases.flatMap { target in
        Call.allCases.flatMap { call in
            Fault.allCases.map { Case(target: target, call: call, fault: $0, after: 0) }
        }
    }

    /// The system, with a fault in it.
    private final class Faulty: Sendable {
        private struct State {
            var paths: [Int32: String] = [:]
            var left: Int
            var hits = 0
            var said: [Int32: [UInt8]] = [:]
        }

        private let fault: Case?
        private let state: Mutex<State>

        init(_ fault: Case?) {
            self.fault = fault
            state = Mutex(State(left: fault?.after ?? 0))
        }

        /// How often the fault came.
        var hits: Int { state.withLock { $0.hits } }

        func said(_ file: Int32) -> String { state.withLock { String(decoding: $0.said[file] ?? [], as: UTF8.self) } }

        /// Whether it is this call's turn to fail.
        private func strikes(_ call: Call, _ path: String) -> Bool {
            guard let fault, fault.call == call, Self.target(of: path) == fault.target else { return false }
            return state.withLock { state in
                state.left -= 1
                // A signal and a short write come once; a disk stays full.
                guard state.left < 0, state.hits == 0 || fault.fault != .interrupted && fault.fault != .short else {
                    return false
                }
                state.hits += 1
                return true
            }
        }

        private static func target(of path: String) -> Target? {
            switch path {
            case "1": .output
            case "2": .errors
            case _ where path.hasSuffix("/log"): .log
            case _ where path.hasSuffix("/journal"): .journal
            case _ where path.contains("/journal.run"): .kept
            case _ where path.contains("/save/"): .save
            case _ where path.contains("/script/"): .script
            default: nil
            }
        }

        private func path(_ file: Int32) -> String {
            file == 1 || file == 2 ? "\(file)" : state.withLock { $0.paths[file] ?? "" }
        }

        private var error: SystemError {
            switch fault?.fault {
            case .noSpace?, .short?, nil: .noSpace
            case .inputOutput?: .inputOutput
            case .brokenPipe?: .brokenPipe
            case .notAllowed?: .notAllowed
            case .interrupted?: .interrupted
            }
        }

        var calls: SystemCalls {
            var calls = SystemCalls.posix
            let posix = SystemCalls.posix
            calls.waitToWrite = { _, _ in true }
            calls.statusOfOpen = { (file) throws(SystemError) in
                if file == 1 || file == 2 { throw .badDescriptor }
                return try posix.statusOfOpen(file)
            }
            calls.open = { [self] (path, flags, mode) throws(SystemError) in
                if strikes(.open, path), fault?.fault != .short { throw error }
                let file = try posix.open(path, flags, mode)
                state.withLock { $0.paths[file] = path }
                return file
            }
            calls.write = { [self] (file, bytes) throws(SystemError) in
                var bytes = bytes
                if strikes(.write, path(file)) {
                    guard fault?.fault == .short, bytes.count > 1 else { throw error }
                    bytes = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])
                }
                guard file == 1 || file == 2 else { return try posix.write(file, bytes) }
                state.withLock { $0.said[file, default: []] += bytes }
                return bytes.count
            }
            calls.flush = { [self] (file) throws(SystemError) in
                if strikes(.flush, path(file)), fault?.fault != .short { throw error }
                try posix.flush(file)
            }
            calls.rename = { [self] (from, to) throws(SystemError) in
                if strikes(.rename, to), fault?.fault != .short { throw error }
                try posix.rename(from, to)
            }
            calls.close = { [self] (file) throws(SystemError) in
                let fails = strikes(.close, path(file)) && fault?.fault != .short
                if file > 2 {
                    state.withLock { $0.paths[file] = nil }
                    try posix.close(file)
                }
                if fails { throw error }
            }
            return calls
        }
    }

    private let folder: Folder
    /// Of 40 rows 22 are to train on: two batches, five times.
    private static let steps = 10

    init() throws {
        folder = try Folder()
        let rows = (0..<40).map { "\($0),\($0 * 3 % 17)" }
        try folder.write("x.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
        try folder.write("plain.toml", "")
        for name in ["save", "script", "good"] {
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: name), withIntermediateDirectories: true)
        }
    }

    private func at(_ name: String) -> String { folder.url.appending(path: name).path() }

    private func train(_ outside: Outside, _ log: String, _ journal: String, _ save: String) -> Outside.End {
        outside.carryOut {
            let command = try TrainCommand.parse([
                at("plain.toml"), "--data", at("x.csv"), "--target", "y", "--batch-size", "8", "--epochs", "5",
                "--json",
                "--log-steps", at(log), "--journal", at(journal), "--save", at(save),
            ])
            try HeadlessRun(PreparedRun(command, outside), paceGiven: nil, asJSON: true).run()
        }
    }

    private func export(_ outside: Outside, _ journal: String, _ script: String) -> Outside.End {
        outside.carryOut {
            let command = try ExportCommand.parse(["--keras", at(journal), "-o", at(script)])
            try command.run(in: outside)
        }
    }

    @Test func noFaultOfAnyOutputIsHiddenOrFatal() throws {
        let good = Faulty(nil)
        #expect(train(Outside(good.calls), "good/log", "good/journal", "good/save") == .code(0))
        #expect(export(Outside(good.calls), "good/journal", "good/script") == .code(0))
        let expected = try Dictionary(
            uniqueKeysWithValues: ["log", "save", "script"].map { ($0, try folder.read("good/\($0)")) })
        let entries = try JournalFile([UInt8](folder.read("good/journal")), file: "j").entries
        var struck = 0
        for fault in Self.cases {
            var fault = fault
            while try isStruck(by: fault, entries, expected) { fault.after += 1 }
            struck += fault.after
        }
        #expect(struck >= 300, "\(struck)")
        print("faults: \(struck) struck")
    }

    /// Trains, or exports, with a fault, and looks at what comes of it.
    ///
    /// - Returns: whether there were so many calls that the fault came.
    private func isStruck(by fault: Case, _ entries: [JournalEntry], _ expected: [String: Data]) throws -> Bool {
        let faulty = Faulty(fault)
        let outside = Outside(faulty.calls)
        for name in ["log", "journal", "journal.run", "save/w", "script/s"] where folder.has(name) {
            try FileManager.default.removeItem(at: folder.url.appending(path: name))
        }
        let isExport = fault.target == .script
        let end = isExport ? export(outside, "good/journal", "script/s") : train(outside, "log", "journal", "save/w")
        let isStruck = faulty.hits > 0
        let errors = faulty.said(2)
        let name = "\(fault.testDescription), \(end), \(errors)"
        func isWhole(_ made: String, _ kept: String) throws -> Bool {
            try folder.has(made) && folder.read(made) == expected[kept]
        }
        if isExport {
            let hasScript = try isWhole("script/s", "script")
            // A folder that cannot be flushed is told, though the file is there.
            #expect((end == .code(0)) == hasScript || end == .code(73) && hasScript, "\(name)")
            #expect(
                !(try FileManager.default.contentsOfDirectory(atPath: at("script"))).contains { $0.hasSuffix(".tmp") })
            return isStruck
        }
        // A log or journal that cannot even be begun is told before the training; else there are weights.
        let isRefused = end == .code(73) && !folder.has("save/w") && faulty.said(1).isEmpty
        let hasWeights = try isWhole("save/w", "save")
        if fault.target != .save { #expect(isRefused || hasWeights, "\(name)") }
        let hasLog = try isWhole("log", "log")
        let isAllWhole = hasLog && hasWeights && faulty.said(1).hasSuffix("{\"event\":\"done\"}\n")
        if end == .code(0) { #expect(isAllWhole, "\(name)") }
        let isHarmless = !isStruck || [.interrupted, .short].contains(fault.fault) || fault.target == .errors
        // Nobody asked for checkpoints by name.
        if isHarmless || fault.target == .kept { #expect(end == .code(0) && isAllWhole, "\(name)") }
        if end != .code(0), end != .brokenPipe, fault.target != .errors {
            #expect(errors.split(separator: "\n").last?.hasPrefix("traintui: ") == true, "\(name)")
        }
        try checkRows(name)
        guard !isRefused else { return isStruck }
        let journal = try JournalFile([UInt8](folder.read("journal")), file: "j")
        #expect(journal.entries == Array(entries.prefix(journal.entries.count)), "\(name)")
        #expect(journal.isCutOff == (journal.entries.count < entries.count))
        if end == .code(0) { #expect(!journal.isCutOff, "\(name)") }
        checkKept(journal, isSaid: faulty.said(1).contains("no checkpoint is written"), isHarmless: isHarmless, name)
        return isStruck
    }

    /// Whatever has a final name opens; where nothing was said the newest is of the last step.
    private func checkKept(_ journal: JournalFile, isSaid: Bool, isHarmless: Bool, _ name: String) {
        let run = RunFolder(beside: at("journal"))
        let (whole, faults) = run.readCheckpoints(of: journal.header.runName)
        #expect(faults.isEmpty && run.leftovers.isEmpty, "\(name): \(faults) \(run.leftovers)")
        if isHarmless { #expect(!isSaid, "\(name)") }
        if !isSaid { #expect(whole.first?.checkpoint.moment.step == Self.steps, "\(name)") }
    }

    /// Each line is a whole row, and the rows follow each other.
    private func checkRows(_ name: String) throws {
        guard folder.has("log") else { return }
        let text = try folder.text("log")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.last == "", "\(name)")
        for (number, line) in lines.dropLast().enumerated() {
            #expect(line.split(separator: ",").count == 7 && (number == 0 || line.hasPrefix("\(number),")), "\(name)")
        }
    }
}
