package import TrainProtocol
import Wording

// What trains beside a run, as the objects that it is told in, and out of them.

extension Twin {
    /// As it is told, null where there is none.
    package static func told(_ twin: Twin?) -> JSONTree {
        guard let twin else { return ["twin": .null] }
        return ["twin": ["branch": JSONTree(count: twin.branch.number), "edit": JSONTree(count: twin.edit)]]
    }

    /// The twin; nil where there is none.
    package init?(told: Members) throws(WireError) {
        guard let twin = try told.optionalObject("twin") else { return nil }
        self.init(branch: BranchID(try twin.count("branch", from: 1)), withoutEdit: try twin.count("edit", from: 1))
    }
}

extension Race {
    /// As it is told, null where there is none.
    package static func told(_ race: Race?) -> JSONTree {
        guard let race else { return ["race": .null] }
        var members: [String: JSONTree] = [
            "settings": .list(
                race.settings.map { ["name": .string($0.name), "old": $0.old.map { JSONTree($0) } ?? .null] }),
            "entrants": .list(race.entrants.map(\.told)), "step": JSONTree(count: race.step),
        ]
        if let steps = race.halvesEvery { members["halves_every"] = JSONTree(count: steps) }
        return ["race": .object(members)]
    }

    /// The race; nil where there is none.
    package init?(told: Members) throws(WireError) {
        guard let race = try told.optionalObject("race") else { return nil }
        var settings: [Setting] = []
        for setting in try race.objects("settings") {
            let old = setting.value("old") == nil ? nil : try setting.setting("old")
            settings.append(Setting(name: try setting.string("name"), old: old))
        }
        var entrants: [Entrant] = []
        for entrant in try race.objects("entrants") { entrants.append(try Entrant(entrant)) }
        guard (1...64).contains(settings.count), (1...Self.mostEntrants).contains(entrants.count),
            entrants.allSatisfy({ $0.values.count == settings.count }),
            Set(entrants.map(\.branch)).count == entrants.count
        else { throw race.wrong("entrants", "1 to \(Self.mostEntrants) branches with a value for each setting") }
        self.init(
            settings: settings, entrants: entrants, step: try race.count("step"),
            halvesEvery: try race.optionalCount("halves_every", from: 1))
    }
}

extension Race.Entrant {
    fileprivate var told: JSONTree {
        [
            "branch": JSONTree(count: branch.number), "values": .list(values.map { JSONTree($0) }),
            "edits": .list(edits.map { JSONTree(count: $0) }),
        ]
    }

    fileprivate init(_ members: Members) throws(WireError) {
        let edits = try members.list("edits").map { (edit) throws(WireError) -> Int? in
            if edit == .null { return nil }
            guard let number = Members.count(edit, from: 1) else { throw members.wrong("edits", "numbers of edits") }
            return number
        }
        let values = try members.settings("values")
        guard values.count == edits.count else { throw members.wrong("edits", "as many as the values") }
        self.init(branch: BranchID(try members.count("branch", from: 1)), values: values, edits: edits)
    }
}

extension RaceTerms {
    /// The terms of a request.
    init(_ params: Members) throws(WireError) {
        var rows: [[SettingValue]] = []
        var names: [String] = []
        if let name = try params.optionalString("name") {
            names = [name]
            rows = try params.settings("values").map { [$0] }
        } else {
            for case .string(let name) in try params.list("names") { names.append(name) }
            for row in try params.list("entrants") {
                rows.append(try Members(["values": row], of: "entrants").settings("values"))
            }
        }
        guard !names.isEmpty, rows.allSatisfy({ $0.count == names.count }) else {
            throw params.wrong("entrants", "lists with a value for each name")
        }
        self.init(
            names: names, entrants: rows, halvesEvery: try params.optionalCount("halves_every", from: 1))
    }
}

extension BranchProgress {
    /// As it is told.
    package var told: JSONTree {
        var members: [String: JSONTree] = [
            "branch": JSONTree(count: branch.number), "step": JSONTree(count: step), "mean_loss": JSONTree(meanLoss),
            "steps_per_second": JSONTree(stepsPerSecond), "is_complete": .flag(isComplete),
        ]
        if let divergence { members["divergence"] = .string(divergence) }
        if let droppedAt { members["dropped_at"] = JSONTree(count: droppedAt) }
        return .object(members)
    }

    /// Where branches stand, as progress tells it.
    package static func list(_ progress: Members) throws(WireError) -> [BranchProgress] {
        var list: [BranchProgress] = []
        for one in try progress.objects("others").prefix(Race.mostEntrants + 1) {
            list.append(
                BranchProgress(
                    branch: BranchID(try one.count("branch", from: 1)), step: try one.count("step"),
                    meanLoss: try one.optionalNumber("mean_loss"),
                    stepsPerSecond: try one.optionalNumber("steps_per_second"),
                    divergence: try one.optionalString("divergence").map { visible($0, limit: 200) },
                    droppedAt: try one.optionalCount("dropped_at"), isComplete: try one.flag("is_complete")))
        }
        return list
    }
}

extension LearningRateTest {
    /// As it is told. A change that is not finite is null.
    package var told: JSONTree {
        var members: [String: JSONTree] = [
            "step": JSONTree(count: step), "horizon": JSONTree(count: horizon), "streams": JSONTree(count: streams),
            "rates": .list(rates.map { .number($0) }), "changes": .list(changes.map { .number($0) }),
            "loss": .number(loss),
        ]
        if let range { members["range"] = .list([.number(range.lowerBound), .number(range.upperBound)]) }
        if let suggestion { members["suggestion"] = .number(suggestion) }
        return .object(members)
    }

    /// What a test came to.
    package init(_ members: Members) throws(WireError) {
        let (rates, changes) = (try members.numbers("rates"), try members.numbers("changes"))
        guard (1...1024).contains(rates.count), rates.count == changes.count, !rates.contains(nil) else {
            throw members.wrong("changes", "as many as the rates")
        }
        let ends = try members.numbers("range").compactMap { $0 }
        self.init(
            step: try members.count("step"), horizon: try members.count("horizon"),
            streams: try members.count("streams"),
            rates: rates.compactMap { $0 }, changes: changes.map { $0 ?? .infinity },
            loss: try members.optionalNumber("loss") ?? .nan,
            range: ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil,
            suggestion: try members.optionalNumber("suggestion"))
    }
}
