/// A run stands where another process left it, and goes on.
public struct RunReturn: Sendable, Equatable, CustomStringConvertible {
    /// The steps that it has taken.
    public var step: Int
    /// How many of them were taken again.
    public var stepsAgain: Int

    /// A return.
    public init(step: Int, stepsAgain: Int) { (self.step, self.stepsAgain) = (step, stepsAgain) }

    /// "resumed at step 1029; 317 of its 1029 steps were taken again".
    public var description: String {
        "resumed at step \(step)" + (stepsAgain == 0 ? "" : "; \(stepsAgain) of its \(step) steps were taken again")
    }
}

/// What was told of a run in an earlier process, in bounded size: its chart, as far as it is still known.
public struct RunPast: Sendable, Equatable {
    /// How the run came to where it stands, with the edits in force.
    public var lineage: Lineage
    /// The lineages of branches that were left and can be returned to.
    public var abandoned: [Lineage]
    /// The steps of each branch, folded; those of one branch in order.
    public var samples: [Sample]
    /// Epochs' outcomes, in order.
    public var epochs: [EpochReport]
    /// Validations, in order.
    public var evaluations: [Evaluation]
    /// What the test rows said, each time that they were asked.
    public var tests: [Evaluation]

    /// A past.
    public init(
        lineage: Lineage = Lineage(), abandoned: [Lineage] = [], samples: [Sample] = [], epochs: [EpochReport] = [],
        evaluations: [Evaluation] = [], tests: [Evaluation] = []
    ) {
        self.lineage = lineage
        self.abandoned = abandoned
        self.samples = samples
        self.epochs = epochs
        self.evaluations = evaluations
        self.tests = tests
    }
}
