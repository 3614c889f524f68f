/// Memory for one pass of a batch through the layers: nothing here outlives a step.
struct Workspace: ~Copyable {
    /// Rows that fit.
    let capacity: Int
    /// The batch's features, rows x features.
    private(set) var x: Matrix
    /// The batch's targets, rows x targets.
    private(set) var y: Matrix
    /// The batch's row numbers.
    let indices: UnsafeMutablePointer<Int32>
    /// Each layer's outputs and gradients.
    let layers: UnsafeMutableBufferPointer<LayerBuffers>
    private let memory: FloatBuffer

    init(capacity: Int, features: Int, targets: Int, layers: [DenseKernels]) {
        self.capacity = capacity
        // Each matrix begins on a vector; a tail of one vector lets whole vectors be read from any row. Its place within
        // a page is a third of a page behind that of the one before: a processor that compares only an address's last
        // 12 bits would else take a load from one matrix for a store, just made, to another, and wait.
        let page = 1024
        func size(_ stride: Int) -> Int { (capacity * stride + lanes + page - 1) / page * page + 21 * lanes }
        var total = size(padded(features)) + size(targets)
        for layer in layers { total += 4 * size(layer.outputStride) }
        let memory = FloatBuffer(count: total)
        self.memory = memory
        var next = memory.base
        func matrix(_ columns: Int, _ stride: Int) -> Matrix {
            defer { next += size(stride) }
            return Matrix(base: next, rows: capacity, columns: columns, stride: stride)
        }
        x = matrix(features, padded(features))
        y = matrix(targets, targets)
        let buffers = layers.map { layer in
            let z = matrix(layer.units, layer.outputStride)
            // A linear layer's outputs are its z.
            let a = layer.isLinear ? z : matrix(layer.units, layer.outputStride)
            let output = layer.dropout > 0 ? matrix(layer.units, layer.outputStride) : a
            return LayerBuffers(z: z, a: a, output: output, gradient: matrix(layer.units, layer.outputStride))
        }
        self.layers = .copy(of: buffers)
        indices = .allocate(capacity: (capacity + 63) / 64 * 64)
    }

    deinit {
        indices.deallocate()
        layers.deallocate()
    }

    /// Makes every matrix one of that many rows, up to `capacity`.
    mutating func setRows(_ rows: Int) {
        guard rows != x.rows else { return }
        x = x.prefix(rows)
        y = y.prefix(rows)
        for index in layers.indices { layers[index] = layers[index].prefix(rows) }
    }
}

/// A layer's matrices for one batch, each rows x units.
struct LayerBuffers {
    /// Before the activation.
    let z: Matrix
    /// After the activation; the same memory as `z` where that is linear.
    let a: Matrix
    /// What the next layer sees; the same memory as `a` unless units are dropped.
    let output: Matrix
    /// dL/doutput, then dL/dz.
    let gradient: Matrix

    /// The first `rows` rows of each.
    func prefix(_ rows: Int) -> LayerBuffers { self.rows(from: 0, count: rows) }

    /// `count` rows of each, from `start` on.
    func rows(from start: Int, count: Int) -> LayerBuffers {
        LayerBuffers(
            z: z.rows(from: start, count: count), a: a.rows(from: start, count: count),
            output: output.rows(from: start, count: count), gradient: gradient.rows(from: start, count: count))
    }
}
