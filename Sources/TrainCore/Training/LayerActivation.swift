import CKernels

/// What a layer's outputs go through: its activation, then dropout.
///
/// Not copyable, so that the activation is used where it lies: calling a copyable one in memory copies it first.
struct LayerActivation: ~Copyable {
    let number: Int
    let function: any Activation
    let isLinear: Bool
    let clearsGap: Bool
    let dropout: Double
    /// Where the layer above takes the derivative back through this activation on its way.
    let elu: ELUNumbers?

    /// - Parameter above: the layer that this one feeds, nil for the last.
    init(_ layer: Dense, _ shape: DenseKernels, above: DenseKernels?) {
        number = shape.number
        function = layer.activation
        isLinear = shape.isLinear
        clearsGap = !type(of: layer.activation).keepsZero && shape.outputStride > shape.units
        dropout = shape.dropout
        let kind = type(of: layer.activation) as? any ELUKind.Type
        elu = above?.isNarrow == true && dropout == 0 ? kind.map { ELUNumbers(alpha: $0.alpha, scale: $0.scale) } : nil
    }

    /// Whether anything happens here.
    var isIdentity: Bool { isLinear && dropout == 0 }

    /// Whether there is nothing left to do backward.
    var isIdentityBackward: Bool { isIdentity || elu != nil }

    /// a = f(z), output = a with units dropped. `mask` nil drops nothing.
    func forward(_ buffers: LayerBuffers, mask: DropoutMask?) {
        if !isLinear {
            apply(.forward, to: buffers)
            if clearsGap { buffers.a.clearGap() }
        }
        if dropout > 0 {
            buffers.output.base.update(from: buffers.a.base, count: buffers.z.paddedCount)
            if let mask { mask.apply(to: buffers.output, layer: number, rate: dropout) }
        }
    }

    /// `buffers.gradient` holds dL/doutput and becomes dL/dz; where there is `elu`, it has become that already.
    func backward(_ buffers: LayerBuffers, mask: DropoutMask) {
        guard !isIdentityBackward else { return }
        if dropout > 0 { mask.apply(to: buffers.gradient, layer: number, rate: dropout) }
        if !isLinear { apply(.backward, to: buffers) }
    }

    private enum Direction { case forward, backward }

    /// Applies the function to all rows; to many of them, in pieces that are shared among threads.
    private func apply(_ direction: Direction, to buffers: LayerBuffers) {
        guard buffers.z.paddedCount >= sharedFloats else {
            apply(direction, toPiece: buffers)
            return
        }
        withUnsafePointer(to: self) { activation in
            withUnsafePointer(to: Shared(activation: activation, buffers: buffers, direction: direction)) { shared in
                ck_share(
                    shared.pointee.pieces, { $0!.assumingMemoryBound(to: Shared.self).pointee.run(piece: $1) }, shared)
            }
        }
    }

    private func apply(_ direction: Direction, toPiece buffers: LayerBuffers) {
        switch direction {
        case .forward: function.forward(buffers.z, buffers.a)
        case .backward: function.backward(buffers.z, buffers.a, buffers.gradient)
        }
    }

    /// What the threads need to know of an activation's work.
    private struct Shared {
        let activation: UnsafePointer<LayerActivation>
        let buffers: LayerBuffers
        let direction: Direction

        /// So many rows that every piece but the last is whole vectors.
        private var rows: Int { max(1, (1 << 14) / (lanes * buffers.z.stride)) * lanes }

        var pieces: Int { (buffers.z.rows + rows - 1) / rows }

        func run(piece: Int) {
            let start = piece * rows
            activation.pointee.apply(
                direction, toPiece: buffers.rows(from: start, count: min(rows, buffers.z.rows - start)))
        }
    }
}

/// An activation of ``ELUKind`` in numbers.
struct ELUNumbers {
    let alpha: Float
    let scale: Float
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
