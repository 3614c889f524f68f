import JobFile
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol

extension LocalEngine.Options {
    /// What a job asks of the engine, whether it is trained for the first time or again from its journal.
    ///
    /// - Parameters:
    ///   - title: the job in a word or two.
    ///   - weights: where weights are written that are to be saved.
    init(_ recipe: Recipe, title: String, data: PreparedData, initialWeights: [Weights]?, weights: WeightsOutput) {
        self.init()
        self.title = title
        self.initialWeights = initialWeights
        pace = recipe.dashboard.pace
        historyMemory = recipe.dashboard.historyMemory.map { $0 << 20 }
        onDivergence = DivergencePolicy(recipe.onDivergence)
        table = TableDescription(data)
        meaning = DataMeaning(data)
        test = data.test
        if recipe.refit, let validation = data.validation { refit = data.training.joined(with: validation) }
        validationNote = data.validationNote
        save = { try weights.write($0) }
    }
}

extension DivergencePolicy {
    fileprivate init(_ named: OnDivergence) {
        switch named {
        case .pause: self = .pause
        case .rewind: self = .rewind
        case .stop: self = .stop
        }
    }
}
