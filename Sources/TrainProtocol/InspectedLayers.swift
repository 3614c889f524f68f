/// How a model's layers fare in one step.
public struct InspectedLayers: Sendable, Equatable {
    /// The layers, first to last.
    public var layers: [Layer]
    /// The loss of the step that is looked at, penalties included.
    public var loss: Double
    /// The rows for which units were looked at.
    public var rows: Int

    /// A layer.
    public struct Layer: Sendable, Equatable {
        /// Its units.
        public var units: Int
        /// Its activation's name.
        public var activation: String
        /// The weights of its kernel.
        public var weights: Spread
        /// Their gradients, penalties included, before they are clipped.
        public var gradients: Spread
        /// What the step adds to them; nil where it could not be taken.
        public var updates: Spread?
        /// Units through which no gradient comes in any row; nil for a layer without an activation of its units' own.
        public var dead: Int?
        /// Other units that let less than a hundredth of the steepest slope through in 99 of 100 rows.
        public var saturated: Int?
        /// The penalty on its kernel, a part of the loss.
        public var penalty: Double

        /// A layer.
        public init(
            units: Int, activation: String, weights: Spread, gradients: Spread, updates: Spread?, dead: Int?,
            saturated: Int?, penalty: Double
        ) {
            self.units = units
            self.activation = activation
            self.weights = weights
            self.gradients = gradients
            self.updates = updates
            self.dead = dead
            self.saturated = saturated
            self.penalty = penalty
        }

        /// The norm of the updates over that of the weights: about 1e-3 where a layer learns well; nil where one is not known.
        public var ratio: Double? {
            guard let updates, weights.norm > 0 else { return nil }
            return updates.norm / weights.norm
        }
    }

    /// Some numbers in brief.
    public struct Spread: Sendable, Equatable {
        /// The root of the sum of their squares.
        public var norm: Double
        /// How often each size occurs.
        public var histogram: Histogram

        /// Numbers in brief.
        public init(norm: Double, histogram: Histogram) {
            self.norm = norm
            self.histogram = histogram
        }
    }

    /// Layers.
    public init(layers: [Layer], loss: Double, rows: Int) {
        self.layers = layers
        self.loss = loss
        self.rows = rows
    }
}
