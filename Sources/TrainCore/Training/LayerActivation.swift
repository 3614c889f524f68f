internal import CKernels

/// What a layer's outputs go through: its activation, then dropout.
///
/// Not copyable, so that the activation is used where it lies: calling a copyable one in memory copies it first.
struct LayerActivation: ~Copyable {
    let number: Int
    let function: any Activation
    let isLinear: Bool
    let clearsGap: Bool
    let dropout: Double

    init(_ layer: Dense, _ shape: DenseKernels) {
        number = shape.number
        function = layer.activation
        isLinear = shape.isLinear
        clearsGap = !type(of: layer.activation).keepsZero && shape.outputStride > shape.units
        dropout = shape.dropout
    }

    /// Whether anything happens here.
    var isIdentity: Bool { isLinear && dropout == 0 }

    /// a = f(z), output = a with units dropped. `mask` nil drops nothing.
    func forward(_ buffers: LayerBuffers, mask: DropoutMask?) {
        if !isLinear {
            function.forward(buffers.z, buffers.a)
            if clearsGap { buffers.a.clearGap() }
        }
        if dropout > 0 {
            buffers.output.base.update(from: buffers.a.base, count: buffers.z.paddedCount)
            if let mask { mask.apply(to: buffers.output, layer: number, rate: dropout) }
        }
    }

    /// `buffers.gradient` holds dL/doutput and becomes dL/dz.
    func backward(_ buffers: LayerBuffers, mask: DropoutMask) {
        if dropout > 0 { mask.apply(to: buffers.gradient, layer: number, rate: dropout) }
        if !isLinear { function.backward(buffers.z, buffers.a, buffers.gradient) }
    }
}

/// Which outputs are dropped in a step: a pure function of (seed, step, layer), the same forward and backward.
struct DropoutMask {
    let key: (UInt32, UInt32)
    let step: Int

    /// Drops `rate` of the elements and scales the others so that their mean stays what it was.
    func apply(to matrix: Matrix, layer: Int, rate: Double) {
        kernels.dropout(
            matrix.base, matrix.stride, matrix.rows, matrix.columns, key.0, key.1, UInt64(step), UInt32(layer),
            UInt32(rate * 0x1p32), Float(1 / (1 - rate)))
    }
}
