import TrainProtocol

/// The layers' norms at one of the last looks at them.
package struct LayerSample: Sendable, Equatable {
    /// The step that the model had taken.
    package let step: Int
    /// For each layer the norms of its weights, gradients and updates.
    private let layers: [[Double?]]

    init(step: Int, _ found: InspectedLayers) {
        self.step = step
        layers = found.layers.map { [$0.weights.norm, $0.gradients.norm, $0.updates?.norm] }
    }

    /// The norms of a layer's weights, gradients and updates; nil where there is no such layer.
    package func norms(of layer: Int) -> [Double?]? { layers.indices.contains(layer) ? layers[layer] : nil }
}

extension [LayerSample] {
    /// So many looks are kept.
    private static let capacity = 256

    /// Adds a look. Those at later steps are of another way.
    mutating func note(_ findings: Findings) {
        guard case .layers(let found) = findings.content else { return }
        removeAll { $0.step >= findings.step }
        append(LayerSample(step: findings.step, found))
        if count > Self.capacity { removeFirst(count - Self.capacity) }
    }
}
