package import TrainProtocol

extension JournalEntry {
    /// What a line is about: the word that its `event` is.
    private enum Kind: String, CaseIterable {
        case edit
        case back
        case `return`
        case race
        case raceEnd = "race_end"
        case epoch
        case check
        case end
    }

    private var kind: Kind {
        switch self {
        case .edited: .edit
        case .branchedOff: .back
        case .returned: .return
        case .raceBegan: .race
        case .raceEnded: .raceEnd
        case .epochEnded: .epoch
        case .checked: .check
        case .ended: .end
        }
    }

    /// The entry as a line of the present format, without its end.
    package var line: String {
        var line = LineWriter(event: kind.rawValue)
        if case .edited(let edit) = self {
            line.add(edit)
            return line.text
        }
        line.add("step", step)
        switch self {
        case .edited: break
        case .branchedOff(let branch, let moment, _, let cause):
            line.add("cause", cause.rawValue)
            line.add("to_step", moment.step)
            line.add("to_edits", moment.edits)
            line.add("branch", branch.number)
        case .returned(let branch, _, let cause):
            line.add("cause", cause.rawValue)
            line.add("branch", branch.number)
        case .raceBegan(let race):
            let (first, others) = (race.settings[0], race.settings.dropFirst())
            line.add("name", first.name)
            if let old = first.old { line.add("old", old) }
            if !others.isEmpty { line.add("others", others.map(\.object)) }
            if let steps = race.halvesEvery { line.add("halves_every", steps) }
            line.add("branches", race.entrants.map(\.object))
        case .raceEnded(let adopted, _, let tips):
            if let adopted { line.add("adopted", adopted.number) }
            line.add("branches", tips.map(\.object))
        case .epochEnded(let check), .checked(let check), .ended(let check):
            check.write(to: &line)
        }
        return line.text
    }

    init(_ line: inout LineReader) throws(JournalFileError) {
        let kind = try line.word("event", "events", Kind.self)
        let step = try line.count("step")
        switch kind {
        case .edit: self = .edited(try Edit(&line, step: step))
        case .back:
            let cause = try line.word("cause", "causes", Cause.self)
            let moment = Moment(step: try line.count("to_step"), edits: try line.count("to_edits"))
            self = .branchedOff(try line.branch("branch"), at: moment, after: step, cause: cause)
        case .return:
            let cause = try line.word("cause", "causes", Cause.self)
            self = .returned(to: try line.branch("branch"), after: step, cause: cause)
        case .race:
            let settings = try Race.Setting.list(&line)
            let steps = line.format > 1 ? try line.optionalCount("halves_every", from: 1) : nil
            let entrants = try Race.Entrant.list(&line, settings: settings.count)
            self = .raceBegan(Race(settings: settings, entrants: entrants, step: step, halvesEvery: steps))
        case .raceEnd:
            let adopted = try line.optionalCount("adopted", from: 1).map { BranchID($0) }
            self = .raceEnded(adopted: adopted, after: step, tips: try Tip.list(&line))
        case .epoch: self = .epochEnded(try Check(&line, step: step))
        case .check: self = .checked(try Check(&line, step: step))
        case .end: self = .ended(try Check(&line, step: step))
        }
        try line.finish()
    }
}

extension JournalEntry.Check {
    fileprivate func write(to line: inout LineWriter) {
        line.add("epoch", epoch)
        line.add(bits: "mean_loss", meanLoss)
        line.add(bits: "weights", weights)
    }

    fileprivate init(_ line: inout LineReader, step: Int) throws(JournalFileError) {
        self.init(
            step: step, epoch: try line.count("epoch", from: 1), meanLoss: try line.bits("mean_loss"),
            weights: try line.bits("weights"))
    }
}

extension Race.Setting {
    fileprivate var object: LineWriter {
        var object = LineWriter()
        object.add("name", name)
        if let old { object.add("old", old) }
        return object
    }

    /// The one that a race always has, and those beside it.
    fileprivate static func list(_ line: inout LineReader) throws(JournalFileError) -> [Race.Setting] {
        var list = [try Race.Setting(&line)]
        for var object in line.format > 1 ? try line.optionalObjects("others") : [] {
            list.append(try Race.Setting(&object))
            try object.finish()
        }
        return list
    }

    private init(_ line: inout LineReader) throws(JournalFileError) {
        let name = try line.string("name")
        self.init(name: name, old: line.format > 1 ? try line.optionalValue("old") : nil)
    }
}

extension Race.Entrant {
    fileprivate var object: LineWriter {
        var object = LineWriter()
        object.add("branch", branch.number)
        let changes = zip(values, edits).map { value, edit in
            var object = LineWriter()
            object.add("value", value)
            if let edit { object.add("edit", edit) }
            return object
        }
        object.add("value", values[0])
        if let edit = edits[0] { object.add("edit", edit) }
        if changes.count > 1 { object.add("others", Array(changes.dropFirst())) }
        return object
    }

    fileprivate static func list(
        _ line: inout LineReader, settings: Int
    ) throws(JournalFileError) -> [Race.Entrant] {
        var list: [Race.Entrant] = []
        for var object in try line.objects("branches") {
            let branch = try object.branch("branch")
            var changes = [try change(&object)]
            for var other in object.format > 1 ? try object.optionalObjects("others") : [] {
                changes.append(try change(&other))
                try other.finish()
            }
            guard changes.count == settings else {
                throw object.error("a branch has values for \(changes.count) of the \(settings) that are raced")
            }
            list.append(Race.Entrant(branch: branch, values: changes.map(\.value), edits: changes.map(\.edit)))
            try object.finish()
        }
        return list
    }

    private static func change(
        _ object: inout LineReader
    ) throws(JournalFileError) -> (value: SettingValue, edit: Int?) {
        (try object.value("value"), object.format > 1 ? try object.optionalCount("edit", from: 1) : nil)
    }
}

extension JournalEntry.Tip {
    fileprivate var object: LineWriter {
        var object = LineWriter()
        object.add("branch", branch.number)
        object.add("step", moment.step)
        object.add("edits", moment.edits)
        return object
    }

    fileprivate static func list(_ line: inout LineReader) throws(JournalFileError) -> [JournalEntry.Tip] {
        var list: [JournalEntry.Tip] = []
        for var object in try line.objects("branches") {
            let branch = try object.branch("branch")
            let moment = Moment(step: try object.count("step"), edits: try object.count("edits"))
            list.append(JournalEntry.Tip(branch: branch, moment: moment))
            try object.finish()
        }
        return list
    }
}

extension LineReader {
    fileprivate mutating func branch(_ key: String) throws(JournalFileError) -> BranchID {
        BranchID(try count(key, from: 1))
    }
}
