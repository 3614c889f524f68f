import CKernels

/// The mean of `-log p[class]`, for targets that are class numbers.
///
/// Behind a softmax it is computed from the logits, as Keras does, and so is finite for every finite logit. Elsewhere
/// the predictions, cut to 1e-7 ... 1 - 1e-7, are brought to a sum of 1.
public struct SparseCategoricalCrossentropy: Loss {
    public static let name = "sparse_categorical_crossentropy"
    public static let targetsAreClasses = true
    public static let fusedActivation: (any Activation.Type)? = Softmax.self

    /// The loss; it has no parameters.
    public init() {}

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
        mean(of: kernels.categorical_crossentropy_logits, over: logits.rows, logits, target, gradient: gradient)
    }
}

extension Loss where Self == SparseCategoricalCrossentropy {
    /// The mean of `-log p[class]`.
    public static var sparseCategoricalCrossentropy: SparseCategoricalCrossentropy { SparseCategoricalCrossentropy() }
}
