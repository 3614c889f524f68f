public import TrainEngine

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

    /// The entry as a line, without its end. Who asked for an edit is not in it.
    public var line: String {
        var line = LineWriter()
        func begin(_ kind: Kind) {
            line.add("event", kind.rawValue)
            line.add("step", step)
        }
        switch self {
        case .edited(let change, let choice):
            begin(.edit)
            line.add("number", change.number)
            line.add("name", change.name)
            line.add("old", change.old)
            line.add("new", change.new)
            if change.over != 0 { line.add("over", change.over) }
            if let choice { line.add("choice", choice) }
        case .branchedOff(let branch, let position, _, let cause):
            begin(.back)
            line.add("cause", cause.rawValue)
            line.add("to_step", position.step)
            line.add("to_edits", position.edits)
            line.add("branch", branch.number)
        case .returned(let branch, _, let cause):
            begin(.return)
            line.add("cause", cause.rawValue)
            line.add("branch", branch.number)
        case .raceBegan(let race):
            begin(.race)
            line.add("name", race.name)
            line.add("branches", race.entrants.map(\.object))
        case .raceEnded(let adopted, _, let tips):
            begin(.raceEnd)
            if let adopted { line.add("adopted", adopted.number) }
            line.add("branches", tips.map(\.object))
        case .epochEnded(let check):
            begin(.epoch)
            check.write(to: &line)
        case .checked(let check):
            begin(.check)
            check.write(to: &line)
        case .ended(let check):
            begin(.end)
            check.write(to: &line)
        }
        return line.text
    }

    init(_ line: inout LineReader) throws(JournalFileError) {
        let kind = try line.word("event", "events", Kind.self)
        let step = try line.count("step")
        switch kind {
        case .edit:
            let change = HyperparameterChange(
                number: try line.count("number", from: 1), request: nil, name: try line.string("name"),
                old: try line.number("old"), new: try line.number("new"), over: try line.optionalCount("over") ?? 0,
                step: step)
            self = .edited(change, choice: try line.optionalString("choice"))
        case .back:
            let cause = try line.word("cause", "causes", Cause.self)
            let position = Position(step: try line.count("to_step"), edits: try line.count("to_edits"))
            self = .branchedOff(branch: try line.branch("branch"), at: position, after: step, cause: cause)
        case .return:
            let cause = try line.word("cause", "causes", Cause.self)
            self = .returned(to: try line.branch("branch"), after: step, cause: cause)
        case .race:
            let name = try line.string("name")
            self = .raceBegan(Race(name: name, entrants: try Race.Entrant.list(&line), step: step))
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
        return object
    }

    fileprivate static func list(_ line: inout LineReader) throws(JournalFileError) -> [Race.Entrant] {
        var list: [Race.Entrant] = []
        for var object in try line.objects("branches") {
            list.append(Race.Entrant(branch: try object.branch("branch"), value: try object.number("value")))
            try object.finish()
        }
        return list
    }
}

extension JournalEntry.Tip {
    fileprivate var object: LineWriter {
        var object = LineWriter()
        object.add("branch", branch.number)
        object.add("step", position.step)
        object.add("edits", position.edits)
        return object
    }

    fileprivate static func list(_ line: inout LineReader) throws(JournalFileError) -> [JournalEntry.Tip] {
        var list: [JournalEntry.Tip] = []
        for var object in try line.objects("branches") {
            let branch = try object.branch("branch")
            let position = JournalEntry.Position(step: try object.count("step"), edits: try object.count("edits"))
            list.append(JournalEntry.Tip(branch: branch, position: position))
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
