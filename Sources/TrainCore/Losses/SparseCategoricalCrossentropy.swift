import CKernels
import Wording

/// The mean of `-log p[class]`, for targets that are class numbers.
///
/// Behind a softmax it is computed from the logits, as Keras does, and so is finite for every finite logit. Elsewhere
/// the predictions, cut to 1e-7 ... 1 - 1e-7, are brought to a sum of 1.
///
/// With label smoothing `s` each row counts `1 - s` for its class and `s / n` for each of the n classes (Szegedy et al. 2015,
/// arXiv:1512.00567), as in Keras's CategoricalCrossentropy, the one of the two there that has it.
public struct SparseCategoricalCrossentropy: Loss {
    public static let name = "sparse_categorical_crossentropy"
    public static let targetsAreClasses = true
    public static let fusedActivation: (any Activation.Type)? = Softmax.self

    /// The share of each row that all classes have in common, 0 or more and less than 1.
    public var labelSmoothing: Double

    public static let settings: [Setting<SparseCategoricalCrossentropy>] = [
        Setting("label_smoothing", \.labelSmoothing, .belowOne)
    ]

    /// The loss without smoothing.
    public init() { labelSmoothing = 0 }

    public func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        // log p as logits: softmax(log p) is p over its sum. dL/dp = dL/dlog p / p where p was not cut.
        var logs = [Float](repeating: 0, count: prediction.paddedCount)
        return logs.withUnsafeMutableBufferPointer { buffer in
            let logits = Matrix(
                base: buffer.baseAddress!, rows: prediction.rows, columns: prediction.columns, stride: prediction.stride
            )
            kernels.log_clipped(prediction.base, logits.base, prediction.paddedCount)
            let loss = evaluateLogits(logits, target, gradient: gradient)
            if let gradient {
                for row in 0..<prediction.rows {
                    for column in 0..<prediction.columns {
                        let p = prediction[row, column]
                        gradient[row, column] = p >= 1e-7 && p <= 1 - 1e-7 ? gradient[row, column] / p : 0
                    }
                }
            }
            return loss
        }
    }

    public func evaluateLogits(_ logits: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        let sum = kernels.categorical_crossentropy_logits(
            logits.base, logits.stride, target.base, target.stride, logits.rows, logits.columns, Float(labelSmoothing),
            gradient?.base, gradient?.stride ?? 0, 1 / Float(logits.rows))
        return sum / Float(logits.rows)
    }
}

extension Loss where Self == SparseCategoricalCrossentropy {
    /// The mean of `-log p[class]`.
    public static var sparseCategoricalCrossentropy: SparseCategoricalCrossentropy { SparseCategoricalCrossentropy() }

    /// The same with the labels smoothed.
    public static func sparseCategoricalCrossentropy(labelSmoothing: Double) -> SparseCategoricalCrossentropy {
        var loss = SparseCategoricalCrossentropy()
        loss.labelSmoothing = labelSmoothing
        return loss
    }
}
