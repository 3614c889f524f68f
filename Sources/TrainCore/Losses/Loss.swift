import CKernels

/// What training makes small.
public protocol Loss: CatalogueEntry, Configurable {
    /// Whether targets are class numbers, one a row, rather than values.
    static var targetsAreClasses: Bool { get }

    /// The output activation that this loss can look behind, to stay finite where probabilities reach 0 or 1.
    static var fusedActivation: (any Activation.Type)? { get }

    /// The mean loss of predictions, and in `gradient` its derivative by each prediction.
    ///
    /// Shapes: prediction and gradient rows x units; target rows x units, or rows x 1 for class numbers.
    func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float

    /// The same from what goes *into* the fused activation; called only where there is one and the model ends in it.
    func evaluateLogits(_ logits: Matrix, _ target: Matrix, gradient: Matrix?) -> Float
}

extension Loss {
    public static var targetsAreClasses: Bool { false }
    public static var fusedActivation: (any Activation.Type)? { nil }
    /// Most have none.
    public static var settings: [Setting<Self>] { [] }

    public func evaluateLogits(_ logits: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        preconditionFailure("\(Self.name) does not look behind an activation")
    }
}

/// A kernel that sums a loss over all elements and fills in its gradient.
typealias LossKernel =
    @convention(c) (
        UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, Int, Int, UnsafeMutablePointer<Float>?, Int, Float
    ) -> Float

/// The mean of a loss over `count` terms, with the kernel that sums them.
func mean(of kernel: LossKernel, over count: Int, _ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
    let sum = kernel(
        prediction.base, prediction.stride, target.base, target.stride, prediction.rows, prediction.columns,
        gradient?.base, gradient?.stride ?? 0, 1 / Float(count))
    return sum / Float(count)
}
