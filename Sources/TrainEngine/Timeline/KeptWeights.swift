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
}
