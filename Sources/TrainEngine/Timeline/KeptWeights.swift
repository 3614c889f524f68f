public import TrainCore
public import TrainProtocol

/// The weights that a run had after a step.
public struct KeptWeights: Sendable, Equatable {
    /// The branch of the step.
    public let branch: BranchID
    /// The step.
    public let step: Int
    /// Whether they were trained again, in as many steps with the same edits, on the rows for validation too.
    public let areRefitted: Bool
    /// All kernels and biases.
    public let weights: [Weights]
    /// What the run's validation said after that step; nil where it was not asked.
    public internal(set) var validation: Evaluation?
    /// How these weights do on the test rows; nil where that was not tried.
    public internal(set) var test: Evaluation?
    /// How many other weights of the run the test rows had been asked about by then. Where it is more than 0 they are no
    /// longer rows that nobody has seen.
    public internal(set) var earlierTests = 0

    /// Weights, with what they are worth as far as that is known.
    package init(
        branch: BranchID = .first, step: Int, areRefitted: Bool = false, weights: [Weights],
        validation: Evaluation? = nil, test: Evaluation? = nil
    ) {
        self.branch = branch
        self.step = step
        self.areRefitted = areRefitted
        self.weights = weights
        self.validation = validation
        self.test = test
    }
}
