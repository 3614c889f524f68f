import Safetensors
import Tabular
import TrainCore
import Wording

/// The weights that a run starts from (`--init`), checked against the table that it trains on.
struct InitialWeights {
    let weights: [Weights]
    /// What is to be said before the training, a line each.
    let warnings: [String]

    /// Reads a file of weights. One that says how its table was prepared must be of the same features and targets; a file
    /// that has weights alone is taken at its word.
    ///
    /// - Parameters:
    ///   - space: how the rows to train on are prepared.
    ///   - table: what to call them.
    init(_ path: String, for space: FeatureSpace, of table: String) throws(Failure) {
        let contents = try WeightsFile.contents(path)
        weights = contents.weights
        let (shown, table) = (visible(path), visible(table))
        let former: FeatureSpace?
        do throws(FeatureSpaceError) { former = try SavedModel.featureSpace(in: contents.metadata) } catch {
            throw Failure(.badData, "\(shown) \(error)")
        }
        guard let former else {
            warnings = []
            return
        }
        if let mismatch = space.mismatch(withWeightsOf: former) {
            throw Failure(.badData, "\(shown) is a model of another table: \(mismatch.words(for: table))")
        }
        let columns = space.columnsPreparedOtherwise(than: former).map { "'\(visible($0, limit: 40))'" }
        let more = columns.count > 3 ? " and \(columns.count - 3) more" : ""
        warnings =
            columns.isEmpty
            ? []
            : [
                "\(shown) was trained on other rows: \(columns.prefix(3).joined(separator: ", "))\(more) "
                    + "\(columns.count == 1 ? "has" : "have") another scale here, so it starts a little off"
            ]
    }
}

extension FeatureSpace.Mismatch {
    /// A sentence about weights and the table that they are to be trained on.
    fileprivate func words(for table: String) -> String {
        func name(_ text: String) -> String { "'\(visible(text, limit: 60))'" }
        switch self {
        case .lacks(let feature): return "it knows the feature \(name(feature)), which \(table) has not"
        case .adds(let feature): return "it does not know the feature \(name(feature)) of \(table)"
        case .order(let feature, let instead):
            return "it has the feature \(name(feature)) where \(table) has \(name(instead))"
        case .predicts(let theirs, let instead): return "it predicts \(name(theirs)), and this run \(name(instead))"
        }
    }
}
