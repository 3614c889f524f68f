/// A fully connected layer: `activation(x · kernel + bias)`.
///
/// Shapes: x is rows x inputs, kernel inputs x units, bias units.
public struct Dense: Sendable {
    /// Outputs of the layer, at least 1.
    public var units: Int
    /// What is applied to each output.
    public var activation: any Activation
    /// How the kernel starts.
    public var kernelInitializer: any Initializer
    /// How the bias starts.
    public var biasInitializer: any Initializer
    /// The penalty on the kernel.
    public var kernelRegularizer: Regularizer
    /// What is enforced on the kernel after each update.
    public var kernelConstraint: Constraint
    /// The fraction of this layer's outputs dropped while training, from 0 up to but not including 1.
    public var dropout: Double

    /// A layer with Keras's defaults: no activation, a `glorot_uniform` kernel and zero biases.
    public init(
        _ units: Int, activation: any Activation = .linear, kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: Regularizer = .none,
        kernelConstraint: Constraint = .none, dropout: Double = 0
    ) {
        self.units = units
        self.activation = activation
        self.kernelInitializer = kernelInitializer
        self.biasInitializer = biasInitializer
        self.kernelRegularizer = kernelRegularizer
        self.kernelConstraint = kernelConstraint
        self.dropout = dropout
    }
}
