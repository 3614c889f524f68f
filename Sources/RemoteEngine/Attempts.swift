import TrainProtocol
import Wire

/// Trainings that follow each other where their launcher begins them again, as branches of one run that all begin at step 0:
/// those of an attempt are numbered behind those of the attempts before it.
struct Attempts: Sendable, Equatable {
    /// Which one is there, as the training tells; nil before it has.
    var present: Int?
    /// How many branches there were before it.
    private(set) var branches = 0

    /// A later attempt begins, behind so many branches.
    mutating func begin(_ attempt: Int, behind branches: Int) { (present, self.branches) = (attempt, branches) }

    /// What the present attempt tells, with branches as they are numbered here.
    func numbered(_ told: JSONTree) -> JSONTree {
        guard branches > 0, case .object(var members) = shifted(told) else { return told }
        members["branch"] = members["branch"] ?? .number(Double(branches + 1))
        if case .list(let segments)? = members["segments"] {
            members["segments"] = .list([["branch": 1, "step": 0, "edits": 0]] + segments)
        }
        return .object(members)
    }

    private func shifted(_ told: JSONTree) -> JSONTree {
        switch told {
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, value in
                        if case .number(let number) = value, ["branch", "left", "redo"].contains(key) {
                            return (key, .number(number + Double(branches)))
                        }
                        return (key, shifted(value))
                    }))
        case .list(let elements):
            // Long ones have numbers.
            if case .number? = elements.first { return told }
            return .list(elements.map { shifted($0) })
        default: return told
        }
    }

    /// A command with branches as the present attempt numbers them; nil where it is about one of another attempt.
    func asked(_ command: Command) -> Command? {
        func own(_ branch: BranchID) -> BranchID? {
            branch.number > branches ? BranchID(branch.number - branches) : nil
        }
        switch command {
        case .goToBranch(let branch): return own(branch).map { .goToBranch($0) }
        case .adopt(let branch): return own(branch).map { .adopt($0) }
        default: return command
        }
    }
}
