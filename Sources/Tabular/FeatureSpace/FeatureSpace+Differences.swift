/// Whether weights that were trained for one table mean the same for another.
extension FeatureSpace {
    /// Why weights that were trained for another feature space mean nothing for this one, behind "it": "has the feature
    /// 'age'"; nil where each feature and each output stands for the same in both.
    public func mismatch(withWeightsOf other: FeatureSpace) -> Mismatch? {
        let (own, theirs) = (featureNames, other.featureNames)
        if let name = theirs.first(where: { !own.contains($0) }) { return .lacks(feature: name) }
        if let name = own.first(where: { !theirs.contains($0) }) { return .adds(feature: name) }
        if let index = own.indices.first(where: { own[$0] != theirs[$0] }) {
            return .order(feature: theirs[index], instead: own[index])
        }
        let (outputs, theirOutputs) = (targets.map(\.outputName), other.targets.map(\.outputName))
        if outputs != theirOutputs {
            return .predicts(
                theirOutputs.joined(separator: ", "), instead: outputs.joined(separator: ", "))
        }
        return nil
    }

    /// The columns whose numbers come to the network otherwise than in another feature space of the same features: the
    /// rows that they were measured on are others.
    public func columnsPreparedOtherwise(than other: FeatureSpace) -> [String] {
        let columns = zip(columns, other.columns).filter { $0 != $1 }.map(\.0.name)
        return columns + zip(targets, other.targets).filter { $0 != $1 }.map(\.0.name)
    }

    /// What makes weights of one table meaningless for another. Names in it are not safe to print as they are.
    public enum Mismatch: Sendable, Equatable {
        /// The weights know a feature that this table has not.
        case lacks(feature: String)
        /// This table has a feature that the weights do not know.
        case adds(feature: String)
        /// The same features come in another order: one of the weights, and what stands in its place here.
        case order(feature: String, instead: String)
        /// The weights predict something else.
        case predicts(String, instead: String)
    }
}

extension TargetColumn {
    /// What its outputs stand for: "price", "species (setosa, versicolor)".
    fileprivate var outputName: String {
        classNames.isEmpty ? name : "\(name) (\(classNames.joined(separator: ", ")))"
    }
}
