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
            line.add("name", race.name)
            if let old = race.old { line.add("old", old) }
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
            let name = try line.string("name")
            let old = line.format > 1 ? try line.optionalValue("old") : nil
            self = .raceBegan(Race(name: name, old: old, entrants: try Race.Entrant.list(&line), step: step))
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

extension Race.Entrant {
    fileprivate var object: LineWriter {
        var object = LineWriter()
        object.add("branch", branch.number)
        object.add("value", value)
        if let edit { object.add("edit", edit) }
        return object
    }

    fileprivate static func list(_ line: inout LineReader) throws(JournalFileError) -> [Race.Entrant] {
        var list: [Race.Entrant] = []
        for var object in try line.objects("branches") {
            let (branch, value) = (try object.branch("branch"), try object.value("value"))
            let edit = object.format > 1 ? try object.optionalCount("edit", from: 1) : nil
            list.append(Race.Entrant(branch: branch, value: value, edit: edit))
            try object.finish()
        }
        return list
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
